package io.runnel.routing.api;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What stands at a keyword of a schema (JSON Schema 2020-12). Keywords that are not in the table
 * say nothing that is checked, and are left out.
 */
enum SchemaShape {
    /** A schema. */
    SCHEMA,
    /** A list of schemas, at least one. */
    SCHEMAS,
    /** Schemas by name. */
    NAMED_SCHEMAS,
    /** Schemas by pattern. */
    MATCHED_SCHEMAS,
    /** A name of a type, or a list of them. */
    TYPE,
    /** Any value. */
    VALUE,
    /** A list of values, at least one. */
    VALUES,
    /** A number. */
    NUMBER,
    /** A number above 0. */
    DIVISOR,
    /** How many: not negative. */
    COUNT,
    /** Yes or no. */
    FLAG,
    /** A regular expression. */
    PATTERN,
    /** The name of a format. */
    FORMAT,
    /** A list of names, none twice. */
    NAMES,
    /** Lists of names by name. */
    NAMED_NAMES;

    private static final Map<String, SchemaShape> OF = new TreeMap<>();

    static {
        put(SCHEMA, "not", "if", "then", "else", "items", "contains", "additionalProperties");
        put(SCHEMA, "propertyNames", "unevaluatedItems", "unevaluatedProperties");
        put(SCHEMAS, "allOf", "anyOf", "oneOf", "prefixItems");
        put(NAMED_SCHEMAS, "properties", "dependentSchemas");
        put(MATCHED_SCHEMAS, "patternProperties");
        put(TYPE, "type");
        put(VALUE, "const");
        put(VALUES, "enum");
        put(NUMBER, "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum");
        put(DIVISOR, "multipleOf");
        put(COUNT, "maxLength", "minLength", "maxItems", "minItems", "maxContains", "minContains");
        put(COUNT, "maxProperties", "minProperties");
        put(FLAG, "uniqueItems");
        put(PATTERN, "pattern");
        put(FORMAT, "format");
        put(NAMES, "required");
        put(NAMED_NAMES, "dependentRequired");
    }

    /** Keywords that would be misread if they were left out. */
    static final Set<String> REFUSED =
            Set.of(
                    "$id",
                    "$anchor",
                    "$dynamicRef",
                    "$dynamicAnchor",
                    "$recursiveRef",
                    "$recursiveAnchor",
                    "$vocabulary",
                    "dependencies",
                    "additionalItems",
                    "nullable");

    /** Keywords whose schemas are about the same value as the schema that they are in. */
    static final Set<String> IN_PLACE =
            Set.of("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas");

    /** Those that a schema may have under this keyword for references alone. */
    static final String DEFINITIONS = "$defs";

    private static void put(SchemaShape shape, String... keywords) {
        for (String keyword : keywords) {
            OF.put(keyword, shape);
        }
    }

    /** All keywords that are checked. */
    static Map<String, SchemaShape> all() {
        return OF;
    }
}
