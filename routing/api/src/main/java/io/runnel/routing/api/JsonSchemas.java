package io.runnel.routing.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.resource.SchemaLoader;

import java.util.Locale;
import java.util.Map;

/**
 * A document's schemas, ready to check values. Nothing is looked up anywhere: not in the network,
 * not in files, not in class paths. Immutable once made; any thread.
 */
final class JsonSchemas {
    private static final Dialect DIALECT =
            Dialect.builder("urn:runnel:schema", Dialects.getDraft202012())
                    .keyword(new StepKeyword())
                    .keyword(new UniqueKeyword())
                    .formats(Map::clear)
                    .formats(TextFormat.ALL)
                    .build();

    private static final SchemaLoader NOTHING = SchemaLoader.builder().allow(_ -> false).build();

    private final Map<String, Schema> schemas;

    /**
     * Makes them ready.
     *
     * @param all schemas by what they are called, all of it checked
     * @param patterns of all of them, by their texts
     */
    JsonSchemas(ObjectNode all, Map<String, LinearPattern> patterns) {
        SchemaRegistryConfig config =
                SchemaRegistryConfig.builder()
                        .regularExpressionFactory(patterns::get)
                        .formatAssertionsEnabled(true)
                        .locale(Locale.ROOT)
                        .preloadSchema(false)
                        .build();
        SchemaRegistry registry =
                SchemaRegistry.withDialect(
                        DIALECT,
                        builder ->
                                builder.schemaLoader(NOTHING)
                                        .schemaRegistryConfig(config)
                                        .schemaCacheEnabled(false));
        this.schemas = registry.getSchema(all).getSchemaContext().getSchemaReferences();
    }

    /** One of them. */
    CheckedSchema schema(String id) {
        return new CheckedSchema(schemas.get("#/%s/%s".formatted(SchemaCopies.COPIES, id)));
    }
}
