import type { KindSource } from './text-and-number-kinds.ts';

/** Kinds that are neither text nor number. */
export const valueKinds: readonly KindSource[] = [
  {
    types: ['boolean'],
    imports: [],
    code: String.raw`  public static Kind flag() {
    return new Flag();
  }

  /** True or false; left out it is false. */
  private record Flag() implements Kind {
    @Override
    public Boolean parse(JsonNode value) {
      if (!value.isBoolean()) {
        throw new Invalid("must be true or false");
      }
      return value.booleanValue();
    }

    @Override
    public Boolean fromText(String text) {
      if (!text.equals("true") && !text.equals("false")) {
        throw new Invalid("must be true or false");
      }
      return text.equals("true");
    }

    @Override
    public Boolean fallback() {
      return false;
    }

    @Override
    public Integer encode(Object value) {
      return Boolean.TRUE.equals(value) ? 1 : 0;
    }

    @Override
    public Boolean decode(Object column) {
      return ((Number) column).intValue() == 1;
    }
  }
`,
  },
  {
    types: ['date'],
    imports: ['java.time.DateTimeException', 'java.time.LocalDate'],
    code: String.raw`  public static Kind date() {
    return new Date();
  }

  /** Days like 2026-01-31. */
  private record Date() implements Kind {
    @Override
    public String parse(JsonNode value) {
      return fromText(value.isTextual() ? value.textValue() : "");
    }

    @Override
    public String fromText(String text) {
      try {
        if (text.length() != "2026-01-31".length()) {
          throw new DateTimeException(text);
        }
        return LocalDate.parse(text).toString();
      } catch (DateTimeException error) {
        throw new Invalid("must be a date like 2026-01-31");
      }
    }
  }
`,
  },
  {
    types: ['datetime'],
    imports: [
      'java.time.DateTimeException',
      'java.time.LocalDateTime',
      'java.time.OffsetDateTime',
      'java.time.ZoneOffset',
      'java.time.format.DateTimeFormatter',
      'java.time.temporal.TemporalAccessor',
    ],
    code: String.raw`  public static Kind moment() {
    return new Moment();
  }

  /** Moments, kept in UTC so that their texts sort as they do; without a zone they are in UTC. */
  private record Moment() implements Kind {
    private static final DateTimeFormatter KEPT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'");

    @Override
    public String parse(JsonNode value) {
      return fromText(value.isTextual() ? value.textValue() : "");
    }

    @Override
    public String fromText(String text) {
      try {
        TemporalAccessor found =
            DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
        OffsetDateTime moment =
            found instanceof OffsetDateTime zoned ? zoned : ((LocalDateTime) found).atOffset(ZoneOffset.UTC);
        OffsetDateTime utc = moment.withOffsetSameInstant(ZoneOffset.UTC);
        if (utc.getYear() < 0 || utc.getYear() > 9999) {
          throw new Invalid("is out of range");
        }
        return utc.format(KEPT);
      } catch (DateTimeException error) {
        throw new Invalid("must be a moment like 2026-01-31T12:00:00Z");
      }
    }
  }
`,
  },
  {
    types: ['choice'],
    imports: ['java.util.List'],
    code: String.raw`  public static Kind choice(String... choices) {
    return new Choice(List.of(choices));
  }

  /** One of some texts. */
  private record Choice(List<String> choices) implements Kind {
    @Override
    public String parse(JsonNode value) {
      return fromText(value.isTextual() ? value.textValue() : "");
    }

    @Override
    public String fromText(String text) {
      if (!choices.contains(text)) {
        throw new Invalid("must be one of " + String.join(", ", choices));
      }
      return text;
    }
  }
`,
  },
  {
    types: ['list'],
    imports: [
      'com.fasterxml.jackson.core.JsonProcessingException',
      'com.fasterxml.jackson.databind.ObjectMapper',
      'java.util.ArrayList',
      'java.util.List',
    ],
    code: String.raw`  public static Kind texts() {
    return new Texts();
  }

  /** Lists of texts; left out they are empty. */
  private record Texts() implements Kind {
    private static final int MOST_ITEMS = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public List<String> parse(JsonNode value) {
      List<String> items = new ArrayList<>();
      if (!value.isArray()) {
        throw new Invalid("must be a list of texts");
      }
      for (JsonNode item : value) {
        if (!item.isTextual()) {
          throw new Invalid("must be a list of texts");
        }
        items.add(item.textValue());
      }
      if (items.size() > MOST_ITEMS) {
        throw new Invalid("must have at most " + MOST_ITEMS + " entries");
      }
      return items;
    }

    @Override
    public List<String> fromText(String text) {
      return List.of(text.split(","));
    }

    @Override
    public List<String> fallback() {
      return List.of();
    }

    @Override
    public String encode(Object value) {
      try {
        return JSON.writeValueAsString(value);
      } catch (JsonProcessingException error) {
        throw new IllegalStateException(error);
      }
    }

    @Override
    public Object decode(Object column) {
      try {
        return JSON.readTree((String) column);
      } catch (JsonProcessingException error) {
        throw new IllegalStateException(error);
      }
    }
  }
`,
  },
];
