package io.runnel.routing.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.annotation.Annotation;
import com.networknt.schema.keyword.AbstractKeyword;
import com.networknt.schema.keyword.AbstractKeywordValidator;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;

import java.util.List;

/**
 * A keyword of our own in every schema, which is looked at before the others: it takes steps for
 * what they will take. Its value is that of the schema alone; each field or element of the value
 * takes one more, and where it matters what other schemas saw of the value, so does each of that.
 */
final class StepKeyword extends AbstractKeyword {
    static final String NAME = "x-runnel-steps";

    StepKeyword() {
        super(NAME);
    }

    @Override
    public KeywordValidator newValidator(
            SchemaLocation location, JsonNode node, Schema parent, SchemaContext context) {
        return new Taking(node, location);
    }

    /** In one schema. */
    private static final class Taking extends AbstractKeywordValidator {
        /** Those of this keyword are the first to be looked at. */
        private static final String FIRST = "type";

        private final long ofSchema;

        Taking(JsonNode node, SchemaLocation location) {
            super(FIRST, node, location);
            this.ofSchema = node.longValue();
        }

        @Override
        public void validate(
                ExecutionContext context, JsonNode node, JsonNode root, NodePath location) {
            CheckSteps.current().take(ofSchema + node.size() + seen(context, location));
        }

        private static long seen(ExecutionContext context, NodePath location) {
            if (!context.isUnevaluatedItemsPresent() && !context.isUnevaluatedPropertiesPresent()) {
                return 0;
            }
            List<Annotation> annotations = context.getAnnotations().asMap().get(location);
            return annotations == null ? 0 : annotations.size();
        }
    }
}
