package io.runnel.region.server.control;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.FunctionName;
import io.runnel.exec.task.AccountId;

import java.util.HashMap;
import java.util.Map;

/** The names in a path of AWS Lambda's API. Pure. */
final class FunctionPath {
    private static final String TASK = "task";

    /** What a function's name says of its version, beside what the query does. */
    static final String QUALIFIER = "qualifier";

    private FunctionPath() {}

    /**
     * What stands for a route's names, a function's as the task's. Another account's function is
     * like one that is not there.
     */
    static Map<String, String> values(Map<String, String> found, AccountId caller) {
        if (!found.containsKey(TASK)) {
            return found;
        }
        FunctionName name =
                FunctionName.inPath(found.get(TASK))
                        .filter(it -> it.account().map(caller::equals).orElse(true))
                        .orElseThrow(() -> new RefusedException(ErrorCode.TASK_NOT_FOUND));
        Map<String, String> values = new HashMap<>(found);
        values.put(TASK, name.task().value());
        name.qualifier().ifPresent(text -> values.put(QUALIFIER, text));
        return Map.copyOf(values);
    }
}
