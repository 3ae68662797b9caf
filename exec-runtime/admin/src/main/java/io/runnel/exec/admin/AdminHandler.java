package io.runnel.exec.admin;

import io.runnel.attestation.NetworkToken;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Answers operators. Who does not show the network's token as a bearer learns nothing, not even
 * which paths there are. On the request's event loop; answers are put together elsewhere.
 */
final class AdminHandler implements Consumer<Exchange> {
    private static final String POOL = "/v1/pool";
    private static final String TASKS = POOL + "/tasks/";
    private static final String BEARER = "Bearer ";

    private final NetworkToken token;
    private final TaskRunner runner;
    private final Executor workers;

    AdminHandler(NetworkToken token, TaskRunner runner, Executor workers) {
        this.token = token;
        this.runner = runner;
        this.workers = workers;
    }

    @Override
    public void accept(Exchange exchange) {
        HttpServerRequest request = exchange.request();
        String path = Optional.ofNullable(request.path()).orElse("");
        if (!isAdmitted(request)) {
            request.response().putHeader("WWW-Authenticate", "Bearer realm=\"runnel\"");
            exchange.refuse(ErrorCode.UNAUTHENTICATED);
        } else if (!path.equals(POOL) && !path.startsWith(TASKS)) {
            exchange.refuse(ErrorCode.NOT_FOUND);
        } else if (!request.method().equals(HttpMethod.GET)) {
            request.response().putHeader(HttpHeaders.ALLOW, HttpMethod.GET.name());
            exchange.refuse(ErrorCode.METHOD_NOT_ALLOWED);
        } else if (path.equals(POOL)) {
            answer(exchange, () -> Optional.of(PoolJson.of(runner.report())));
        } else {
            task(path.substring(TASKS.length()))
                    .ifPresentOrElse(
                            task -> answer(exchange, () -> runner.report(task).map(PoolJson::of)),
                            () -> exchange.refuse(ErrorCode.TASK_NOT_FOUND));
        }
    }

    private boolean isAdmitted(HttpServerRequest request) {
        List<String> shown = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        return shown.size() == 1
                && shown.getFirst().startsWith(BEARER)
                && token.matches(shown.getFirst().substring(BEARER.length()));
    }

    /** The task that {@code ACCOUNT/NAME} names. */
    private static Optional<TaskRef> task(String text) {
        String[] parts = text.split("/", -1);
        return parts.length == 2 && AccountId.isValid(parts[0]) && TaskName.isValid(parts[1])
                ? Optional.of(TaskRef.of(parts[0], parts[1]))
                : Optional.empty();
    }

    private void answer(Exchange exchange, Supplier<Optional<byte[]>> document) {
        try {
            workers.execute(() -> answerNow(exchange, document));
        } catch (RejectedExecutionException e) {
            exchange.refuse(ErrorCode.OVER_CAPACITY);
        }
    }

    private static void answerNow(Exchange exchange, Supplier<Optional<byte[]>> document) {
        try {
            Optional<byte[]> made = document.get();
            exchange.onLoop(() -> send(exchange, made));
        } catch (RuntimeException e) {
            exchange.onLoop(() -> exchange.fail(e));
        }
    }

    private static void send(Exchange exchange, Optional<byte[]> document) {
        if (exchange.isFinished()) {
            return;
        }
        if (document.isEmpty()) {
            exchange.refuse(ErrorCode.TASK_NOT_FOUND);
            return;
        }
        exchange.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(Buffer.buffer(document.get()));
    }
}
