package io.runnel.exec.http;

import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Task;

/** What a Lambda Invoke call asks for by {@code X-Amz-Invocation-Type}. */
final class InvocationType {
    private static final String HEADER = "X-Amz-Invocation-Type";
    private static final int NO_CONTENT = 204;

    private InvocationType() {}

    /** Whether to run the call; if not, it is answered. */
    static boolean admits(Exchange exchange, Task task) {
        if (task.handler() != HandlerKind.EVENT) {
            exchange.refuse(
                    Problem.of(ErrorCode.UNSUPPORTED_HANDLER)
                            .withDetail("The task has the handler http: call it by /fn."));
            return false;
        }
        String type = exchange.request().getHeader(HEADER);
        return switch (type) {
            case null -> true;
            case "RequestResponse" -> true;
            case "DryRun" -> {
                exchange.response().setStatusCode(NO_CONTENT).end();
                yield false;
            }
            case "Event" -> {
                exchange.refuse(
                        Problem.of(ErrorCode.NOT_IMPLEMENTED)
                                .withDetail("Asynchronous invocation is not supported yet."));
                yield false;
            }
            default -> {
                exchange.refuse(
                        Problem.of(ErrorCode.BAD_REQUEST)
                                .withDetail(HEADER + " must be RequestResponse, Event or DryRun."));
                yield false;
            }
        };
    }
}
