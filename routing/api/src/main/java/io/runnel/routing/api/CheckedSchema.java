package io.runnel.routing.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;

import java.util.List;

/**
 * A schema that values are checked against, in at most {@link CheckSteps#MOST} steps. Any thread.
 */
record CheckedSchema(Schema schema) {
    /**
     * Checks a value.
     *
     * @param where what the value is, as flaws are to begin
     * @return what is wrong with it, the first {@link CheckSteps#MOST_FLAWS}; empty if nothing is
     */
    List<RequestFlaw> flaws(String where, JsonNode value) {
        ExecutionContext context = schema.createExecutionContext();
        CheckSteps steps = new CheckSteps(context);
        try {
            steps.run(() -> schema.validate(context, value));
        } catch (EnoughException e) {
            if (e.isSpent()) {
                return List.of(RequestFlaw.bad(where, "is too much to check"));
            }
        }
        List<Error> flaws = steps.flaws();
        return flaws.stream()
                .limit(CheckSteps.MOST_FLAWS)
                .map(flaw -> SchemaFlaw.of(where, flaw))
                .toList();
    }
}
