package io.runnel.exec.http;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;

/** What a path of the edge asks for. */
public sealed interface EdgeTarget {
    /**
     * A task, by {@code /fn/{account}/{task}[@{version or alias}][/{rest}]}.
     *
     * @param named which of its versions
     * @param rest what follows the task's name, as it came, nothing decoded: empty or with a
     *     leading slash
     */
    record TaskCall(TaskRef task, Qualifier named, String rest) implements EdgeTarget {}

    /**
     * A route of an API, by {@code /api/{account}/{api}[@{stage or revision}][/{rest}]}.
     *
     * @param api by its name
     * @param named which of its stages or revisions
     * @param rest what follows the API's name in the path, as it came, nothing decoded: empty or
     *     with a leading slash
     */
    record ApiCall(TaskRef api, Qualifier named, String rest) implements EdgeTarget {}

    /** The Lambda Invoke call. */
    record Invoke(FunctionName function) implements EdgeTarget {}

    /** The Lambda Invoke call that is answered as the guest writes. */
    record InvokeStream(FunctionName function) implements EdgeTarget {}

    /** Whether the process lives. */
    record Health() implements EdgeTarget {}

    /** Whether the node takes calls. */
    record Ready() implements EdgeTarget {}

    /** The public keys that the node signs JWTs with. */
    record Keys() implements EdgeTarget {}

    /** What a caller has its document bear. */
    record Nonce() implements EdgeTarget {}

    /** No path of the edge, or one that no task can have. */
    record Unknown() implements EdgeTarget {}

    /** No path at all. */
    record Malformed() implements EdgeTarget {}

    /** Past the limit for paths. */
    record TooLong() implements EdgeTarget {}
}
