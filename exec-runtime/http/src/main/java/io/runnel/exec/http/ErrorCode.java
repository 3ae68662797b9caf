package io.runnel.exec.http;

import java.util.Locale;

/** Every way in which a call at the edge fails, with its HTTP status. */
public enum ErrorCode implements ProblemCode {
    /** What came is no HTTP request that we take. */
    BAD_REQUEST(400, "The request is malformed."),
    /** Bad credentials, whatever the path. */
    UNAUTHENTICATED(401, "The credentials are not valid."),
    /** Only to those who hold or held a grant there. */
    ACCESS_DENIED(403, "The credentials do not allow this call."),
    /** The task asks of its callers what this one did not show. */
    CALLER_REJECTED(403, "The caller is not what the task asks for."),
    /** No such path. */
    NOT_FOUND(404, "There is nothing at this path."),
    /** No such account or task, or no right to know of it. */
    TASK_NOT_FOUND(404, "There is no such task."),
    /** The path does not take this method. */
    METHOD_NOT_ALLOWED(405, "This path does not take this method."),
    /** The body came too slowly. */
    REQUEST_TIMEOUT(408, "The request took too long to arrive."),
    /** The body is past the task's limit. */
    PAYLOAD_TOO_LARGE(413, "The request's body is too large."),
    /** The request's target is past its limit. */
    URI_TOO_LONG(414, "The request's target is too long."),
    /** The task's handler cannot be called in this way. */
    UNSUPPORTED_HANDLER(415, "The task's handler cannot be called in this way."),
    /** The route of an API does not take bodies of this type. */
    UNSUPPORTED_MEDIA_TYPE(415, "Bodies of this type are not taken here."),
    /** An {@code Expect} other than {@code 100-continue}. */
    EXPECTATION_FAILED(417, "The expectation cannot be met."),
    /** Too many calls of this caller. */
    RATE_LIMITED(429, "Too many calls."),
    /** The caller's budget is used up. */
    BUDGET_EXHAUSTED(429, "The budget is used up."),
    /** The headers are past their limit. */
    HEADERS_TOO_LARGE(431, "The request's headers are too large."),
    /** Our fault. */
    INTERNAL_ERROR(500, "Something went wrong here."),
    /** What was asked for is still to come. */
    NOT_IMPLEMENTED(501, "This is not supported yet."),
    /** The guest ended with an exit code other than 0. */
    FUNCTION_ERROR(502, "The task failed."),
    /** The guest did what the machine forbids. */
    TASK_TRAPPED(502, "The task was ended by a trap."),
    /** The guest's calls were nested too deeply. */
    STACK_EXCEEDED(502, "The task used more stack than it may."),
    /** The guest trapped after it was refused more memory. */
    MEMORY_EXCEEDED(502, "The task used more memory than it may."),
    /** The guest wrote more than it may. */
    OUTPUT_TOO_LARGE(502, "The task's answer is too large."),
    /** The guest's output is no answer. */
    INVALID_OUTPUT(502, "The task's output is not a valid answer."),
    /** No slot, memory or place in the queue. */
    OVER_CAPACITY(503, "There is no capacity for this call now."),
    /** The code or its runtime is not to be had. */
    RUNTIME_UNAVAILABLE(503, "The task cannot run here now."),
    /** The task has to run in a region and none answers. */
    REGION_UNREACHABLE(503, "No region can be reached."),
    /** Past the task's timeout or the caller's deadline. */
    TASK_TIMEOUT(504, "The task took too long."),
    /** Only for who wants what is kept or nothing. */
    NOT_CACHED(504, "Nothing is kept that answers this request."),
    /** The request went round. */
    LOOP_DETECTED(508, "The request went round in a circle.");

    private final int status;
    private final String title;
    private final String label;

    ErrorCode(int status, String title) {
        this.status = status;
        this.title = title;
        this.label = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }

    /** Whether the same call may well succeed a little later: answers carry {@code Retry-After}. */
    boolean passes() {
        return switch (this) {
            case OVER_CAPACITY, RATE_LIMITED, BUDGET_EXHAUSTED -> true;
            case BAD_REQUEST,
                    UNAUTHENTICATED,
                    ACCESS_DENIED,
                    CALLER_REJECTED,
                    NOT_FOUND,
                    TASK_NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    REQUEST_TIMEOUT,
                    PAYLOAD_TOO_LARGE,
                    URI_TOO_LONG,
                    UNSUPPORTED_HANDLER,
                    UNSUPPORTED_MEDIA_TYPE,
                    EXPECTATION_FAILED,
                    HEADERS_TOO_LARGE,
                    INTERNAL_ERROR,
                    NOT_IMPLEMENTED,
                    FUNCTION_ERROR,
                    TASK_TRAPPED,
                    STACK_EXCEEDED,
                    MEMORY_EXCEEDED,
                    OUTPUT_TOO_LARGE,
                    INVALID_OUTPUT,
                    RUNTIME_UNAVAILABLE,
                    REGION_UNREACHABLE,
                    TASK_TIMEOUT,
                    NOT_CACHED,
                    LOOP_DETECTED ->
                    false;
        };
    }
}
