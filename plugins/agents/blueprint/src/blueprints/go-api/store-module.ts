import type { Model } from '../../model/model.ts';
import { modulePath } from './module.ts';

export const store = (
  model: Model,
): string => String.raw`// Package store keeps records in one file. Every change is a transaction that is on the disk when it is answered.
package store

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"${modulePath(model)}/internal/schema"
	bolt "go.etcd.io/bbolt"
)

// ErrNotFound says that there is no record with an id.
var ErrNotFound = errors.New("there is no such record")

// TakenError says that a value that must be unique belongs to another record.
type TakenError struct{ Key string }

func (e *TakenError) Error() string { return e.Key + " is taken" }

// DB is an open file. One process at a time can have it open.
type DB struct{ bolt *bolt.DB }

// Open opens the file, and makes it and its folder where they are not there.
func Open(path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: 10 * time.Second})
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return &DB{bolt: db}, nil
}

// Close ends what is being written and closes the file.
func (db *DB) Close() error { return db.bolt.Close() }

// Ping tells whether the file can be read.
func (db *DB) Ping() error {
	return db.bolt.View(func(*bolt.Tx) error { return nil })
}

// Collection holds the records of one kind.
type Collection struct {
	db     *DB
	name   []byte
	unique []string
}

// Collection gives the records of a name, in which the values of some keys are unique.
func (db *DB) Collection(name string, unique ...string) (*Collection, error) {
	c := &Collection{db: db, name: []byte(name), unique: unique}
	return c, db.bolt.Update(func(tx *bolt.Tx) error {
		records, err := tx.CreateBucketIfNotExists(c.name)
		if err != nil {
			return err
		}
		for _, key := range unique {
			if tx.Bucket(c.index(key)) != nil {
				continue
			}
			index, err := tx.CreateBucket(c.index(key))
			if err != nil {
				return err
			}
			// A rule that came later holds for what was there before.
			err = records.ForEach(func(id, data []byte) error {
				record, err := decode(id, data)
				if err != nil {
					return err
				}
				return claim(index, key, record[key], id)
			})
			if err != nil {
				return fmt.Errorf("%s of %s: %w", key, name, err)
			}
		}
		return nil
	})
}

// Create keeps a record and gives it an id. A value that must be unique and is taken is a TakenError.
func (c *Collection) Create(values schema.Record) (schema.Record, error) {
	var created schema.Record
	err := c.db.bolt.Update(func(tx *bolt.Tx) error {
		number, err := tx.Bucket(c.name).NextSequence()
		if err != nil {
			return err
		}
		id := keyOf(number)
		if err := c.put(tx, id, nil, values); err != nil {
			return err
		}
		created, err = c.get(tx, id)
		return err
	})
	return created, err
}

// Read gives the record with an id, or ErrNotFound.
func (c *Collection) Read(id uint64) (schema.Record, error) {
	var found schema.Record
	err := c.db.bolt.View(func(tx *bolt.Tx) (err error) {
		found, err = c.get(tx, keyOf(id))
		return err
	})
	return found, err
}

// Update sets the values that are named and keeps the others.
func (c *Collection) Update(id uint64, changes schema.Record) (schema.Record, error) {
	var updated schema.Record
	err := c.db.bolt.Update(func(tx *bolt.Tx) error {
		before, err := c.get(tx, keyOf(id))
		if err != nil {
			return err
		}
		values := schema.Record{}
		for key, value := range before {
			values[key] = value
		}
		for key, value := range changes {
			values[key] = value
		}
		if err := c.put(tx, keyOf(id), before, values); err != nil {
			return err
		}
		updated, err = c.get(tx, keyOf(id))
		return err
	})
	return updated, err
}

// Delete removes the record with an id, or says ErrNotFound.
func (c *Collection) Delete(id uint64) error {
	return c.db.bolt.Update(func(tx *bolt.Tx) error {
		before, err := c.get(tx, keyOf(id))
		if err != nil {
			return err
		}
		for _, key := range c.unique {
			if err := release(tx.Bucket(c.index(key)), before[key]); err != nil {
				return err
			}
		}
		return tx.Bucket(c.name).Delete(keyOf(id))
	})
}

// By gives the record that has a value under a unique key, or ErrNotFound.
func (c *Collection) By(key string, value any) (schema.Record, error) {
	var found schema.Record
	err := c.db.bolt.View(func(tx *bolt.Tx) error {
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		found, err = c.get(tx, tx.Bucket(c.index(key)).Get(text))
		return err
	})
	return found, err
}

func (c *Collection) get(tx *bolt.Tx, id []byte) (schema.Record, error) {
	data := tx.Bucket(c.name).Get(id)
	if data == nil {
		return nil, ErrNotFound
	}
	return decode(id, data)
}

func (c *Collection) put(tx *bolt.Tx, id []byte, before, values schema.Record) error {
	for _, key := range c.unique {
		index := tx.Bucket(c.index(key))
		if err := release(index, before[key]); err != nil {
			return err
		}
		if err := claim(index, key, values[key], id); err != nil {
			return err
		}
	}
	data, err := json.Marshal(values)
	if err != nil {
		return err
	}
	return tx.Bucket(c.name).Put(id, data)
}

func (c *Collection) index(key string) []byte {
	return fmt.Appendf(nil, "%s.by.%s", c.name, key)
}

func claim(index *bolt.Bucket, key string, value any, id []byte) error {
	if value == nil {
		return nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	if index.Get(text) != nil {
		return &TakenError{Key: key}
	}
	return index.Put(text, id)
}

func release(index *bolt.Bucket, value any) error {
	if value == nil {
		return nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return index.Delete(text)
}

func decode(id, data []byte) (schema.Record, error) {
	record := schema.Record{}
	if err := json.Unmarshal(data, &record); err != nil {
		return nil, err
	}
	record["id"] = binary.BigEndian.Uint64(id)
	return record, nil
}

// keyOf spells an id so that keys sort as ids do.
func keyOf(id uint64) []byte {
	return binary.BigEndian.AppendUint64(nil, id)
}
`;
