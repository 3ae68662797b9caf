package io.runnel.routing.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.AbstractKeyword;
import com.networknt.schema.keyword.BaseKeywordValidator;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;

import java.util.TreeSet;

/**
 * {@code uniqueItems}, by order instead of by hash: whoever writes a list may choose elements of
 * one hash, among which a set looks at each.
 */
final class UniqueKeyword extends AbstractKeyword {
    static final String NAME = "uniqueItems";

    UniqueKeyword() {
        super(NAME);
    }

    @Override
    public KeywordValidator newValidator(
            SchemaLocation location, JsonNode node, Schema parent, SchemaContext context) {
        return new Unique(this, node, location, parent, context);
    }

    /** In one schema. */
    private static final class Unique extends BaseKeywordValidator {
        Unique(
                UniqueKeyword keyword,
                JsonNode node,
                SchemaLocation location,
                Schema parent,
                SchemaContext context) {
            super(keyword, node, location, parent, context);
        }

        @Override
        public void validate(
                ExecutionContext context, JsonNode node, JsonNode root, NodePath location) {
            if (!getSchemaNode().booleanValue() || !node.isArray()) {
                return;
            }
            TreeSet<JsonNode> seen = new TreeSet<>(new ValueOrder(CheckSteps.current()));
            for (JsonNode element : node) {
                if (!seen.add(element)) {
                    context.addError(
                            error().instanceNode(node)
                                    .instanceLocation(location)
                                    .evaluationPath(context.getEvaluationPath())
                                    .locale(context.getExecutionConfig().getLocale())
                                    .build());
                    return;
                }
            }
        }
    }
}
