export const numbers = String.raw`// Bound is a limit of a number.
func Bound(value float64) *float64 { return &value }

// Number takes numbers within its bounds.
type Number struct {
	single
	Above   *float64
	Minimum *float64
	Maximum *float64
}

func (k Number) Parse(value any) (any, error) {
	// JSON's true is no number, and neither is its "1".
	text, isNumber := value.(json.Number)
	if !isNumber {
		return nil, errors.New("must be a number")
	}
	number, err := text.Float64()
	switch {
	case err != nil || math.Abs(number) > 1<<53:
		return nil, errors.New("is out of range")
	case k.Above != nil && number <= *k.Above:
		return nil, fmt.Errorf("must be greater than %v", *k.Above)
	case k.Minimum != nil && number < *k.Minimum:
		return nil, fmt.Errorf("must be at least %v", *k.Minimum)
	case k.Maximum != nil && number > *k.Maximum:
		return nil, fmt.Errorf("must be at most %v", *k.Maximum)
	}
	return number, nil
}

func (k Number) FromText(text string) (any, error) {
	if _, err := strconv.ParseFloat(text, 64); err != nil {
		return nil, errors.New("must be a number")
	}
	return k.Parse(json.Number(text))
}
`;
