import type { FieldType } from '../../model/model.ts';

/** A class of value, written only where the model has fields of it. */
export interface KindSource {
  readonly types: readonly FieldType[];
  readonly imports: readonly string[];
  readonly code: string;
}

export const textAndNumberKinds: readonly KindSource[] = [
  {
    types: ['string', 'text', 'email', 'url'],
    imports: [],
    code: String.raw`  public static Text text() {
    return new Text(1, 200);
  }

  /** Texts of some lengths, without blanks around them. */
  public record Text(int shortest, int longest) implements Kind {
    public Text length(int shortest, int longest) {
      return new Text(shortest, longest);
    }

    @Override
    public String parse(JsonNode value) {
      if (!value.isTextual()) {
        throw new Invalid("must be a text");
      }
      return fromText(value.textValue());
    }

    @Override
    public String fromText(String text) {
      // JSON can carry half a surrogate pair, which a database cannot.
      if (text.codePoints().anyMatch(point -> point >= 0xD800 && point <= 0xDFFF)) {
        throw new Invalid("must be a text");
      }
      String stripped = text.strip();
      int length = stripped.codePointCount(0, stripped.length());
      if (length < shortest) {
        throw new Invalid("must have at least " + shortest + " characters");
      }
      if (length > longest) {
        throw new Invalid("must have at most " + longest + " characters");
      }
      return stripped;
    }

    @Override
    public boolean searchable() {
      return true;
    }
  }
`,
  },
  {
    types: ['email'],
    imports: [],
    code: String.raw`  public static Address email() {
    return new Address(new Text(1, 254), "[^@\\s]+@[^@\\s]+\\.[^@\\s.]+", "must be an e-mail address");
  }
`,
  },
  {
    types: ['url'],
    imports: [],
    code: String.raw`  public static Address url() {
    return new Address(new Text(1, 2000), "(?i)https?://[^\\s/?#:]\\S*", "must be a web address");
  }
`,
  },
  {
    types: ['email', 'url'],
    imports: [],
    code: String.raw`  /** Texts of one shape. */
  public record Address(Text text, String shape, String problem) implements Kind {
    public Address length(int shortest, int longest) {
      return new Address(text.length(shortest, longest), shape, problem);
    }

    @Override
    public String parse(JsonNode value) {
      return shaped(text.parse(value));
    }

    @Override
    public String fromText(String value) {
      return shaped(text.fromText(value));
    }

    @Override
    public boolean searchable() {
      return true;
    }

    private String shaped(String value) {
      if (!value.matches(shape)) {
        throw new Invalid(problem);
      }
      return value;
    }
  }
`,
  },
  {
    types: ['integer'],
    imports: [],
    code: String.raw`  public static Numeric integer() {
    return new Numeric(true, null, null, null);
  }
`,
  },
  {
    types: ['number'],
    imports: [],
    code: String.raw`  public static Numeric number() {
    return new Numeric(false, null, null, null);
  }
`,
  },
  {
    types: ['integer', 'number'],
    imports: ['com.fasterxml.jackson.databind.node.DecimalNode', 'java.math.BigDecimal'],
    code: String.raw`  /** Numbers, whole ones or any, within bounds that may be missing. */
  public record Numeric(boolean whole, BigDecimal above, BigDecimal least, BigDecimal most) implements Kind {
    /** Greater numbers lose digits in what reads them as JSON. */
    private static final BigDecimal LARGEST = BigDecimal.valueOf(1L << 53);

    public Numeric above(double bound) {
      return new Numeric(whole, BigDecimal.valueOf(bound), least, most);
    }

    public Numeric atLeast(double bound) {
      return new Numeric(whole, above, BigDecimal.valueOf(bound), most);
    }

    public Numeric atMost(double bound) {
      return new Numeric(whole, above, least, BigDecimal.valueOf(bound));
    }

    @Override
    public Object parse(JsonNode value) {
      if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
        throw new Invalid(value.isNumber() ? "is out of range" : "must be a number");
      }
      BigDecimal number = value.decimalValue();
      if (number.abs().compareTo(LARGEST) > 0) {
        throw new Invalid("is out of range");
      }
      if (above != null && number.compareTo(above) <= 0) {
        throw new Invalid("must be greater than " + plain(above));
      }
      if (least != null && number.compareTo(least) < 0) {
        throw new Invalid("must be at least " + plain(least));
      }
      if (most != null && number.compareTo(most) > 0) {
        throw new Invalid("must be at most " + plain(most));
      }
      if (!whole) {
        return number.doubleValue();
      }
      if (number.stripTrailingZeros().scale() > 0) {
        throw new Invalid("must be a whole number");
      }
      return number.longValueExact();
    }

    @Override
    public Object fromText(String text) {
      try {
        double number = Double.parseDouble(text);
        return parse(DecimalNode.valueOf(BigDecimal.valueOf(number)));
      } catch (NumberFormatException error) {
        throw new Invalid("must be a number");
      }
    }

    private static String plain(BigDecimal number) {
      return number.stripTrailingZeros().toPlainString();
    }
  }
`,
  },
];
