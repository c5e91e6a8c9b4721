import type { Entity, Model, ProjectFile } from '../../model/model.ts';
import { importFrom } from './python.ts';
import { className, fieldCall } from './storage-files.ts';

/** A module for each entity: its fields, its storage, its routes. */
export function resourceFiles(model: Model): ProjectFile[] {
  return model.entities.map((entity) => ({
    path: `app/resources/${entity.plural}.py`,
    content: resource(entity, model),
  }));
}

function resource(entity: Entity, model: Model): string {
  const { singular, plural } = entity;
  const classes = [...new Set([...entity.fields.map((field) => className(field.type)), 'Schema'])].toSorted();
  const guard = model.auth ? '\nblueprint.before_request(require_account)' : '';
  return `"""${sentence(entity.labels)}: fields, storage and routes."""

from __future__ import annotations

from flask import Blueprint, request, url_for

${model.auth ? 'from ..auth.tokens import require_account\n' : ''}${importFrom('..fields', classes)}
from ..listing import parse_listing
from ..payload import json_object
from ..repository import Repository

schema = Schema(
${entity.fields.map((field) => `    ${fieldCall(field)},\n`).join('')})
repository = Repository("${plural}", schema)
blueprint = Blueprint("${plural}", __name__, url_prefix="${entity.path}")${guard}


@blueprint.get("")
def list_${plural}():
    listing = parse_listing(request.args, schema)
    items, total = repository.list(listing)
    return {
        "items": items,
        "total": total,
        "limit": listing.limit,
        "offset": listing.offset,
    }


@blueprint.post("")
def create_${singular}():
    created = repository.create(schema.parse(json_object()))
    location = url_for(".read_${singular}", item_id=created["id"])
    return created, 201, {"Location": location}


@blueprint.get("/<int:item_id>")
def read_${singular}(item_id: int):
    return repository.read(item_id)


@blueprint.put("/<int:item_id>")
def replace_${singular}(item_id: int):
    return repository.update(item_id, schema.parse(json_object()))


@blueprint.patch("/<int:item_id>")
def change_${singular}(item_id: int):
    return repository.update(item_id, schema.parse(json_object(), partial=True))


@blueprint.delete("/<int:item_id>")
def delete_${singular}(item_id: int):
    repository.delete(item_id)
    return "", 204
`;
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
