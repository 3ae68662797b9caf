package io.runnel.exec.admin;

import io.runnel.attestation.NetworkToken;
import io.runnel.exec.http.BodyLimits;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.Problem;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Answers operators. Who does not show the network's token as a bearer learns nothing, not even
 * which paths there are. On the request's event loop; answers are put together elsewhere.
 */
final class AdminHandler implements Consumer<Exchange> {
    private static final String POOL = "/v1/pool";
    private static final String TASKS = POOL + "/tasks/";
    private static final String PROFILES = "/v1/profile/tasks/";
    private static final int LONGEST_PROFILE_SECONDS = 30;
    private static final int USUAL_PROFILE_SECONDS = 5;
    private static final String BEARER = "Bearer ";

    /** Operators send no bodies. */
    private static final BodyLimits BODY = BodyLimits.whole(ByteSize.ofKiB(16));

    private final NetworkToken token;
    private final TaskRunner runner;
    private final List<AdminPage> pages;
    private final Executor workers;

    AdminHandler(NetworkToken token, TaskRunner runner, List<AdminPage> pages, Executor workers) {
        this.token = token;
        this.runner = runner;
        this.pages = List.copyOf(pages);
        this.workers = workers;
    }

    /**
     * Answers once the request has ended, be it refused: its frames are seen to be sound before.
     */
    @Override
    public void accept(Exchange exchange) {
        exchange.gather(BODY, body -> answer(exchange));
    }

    private void answer(Exchange exchange) {
        HttpServerRequest request = exchange.request();
        String path = Optional.ofNullable(request.path()).orElse("");
        if (!isAdmitted(request)) {
            request.response().putHeader("WWW-Authenticate", "Bearer realm=\"runnel\"");
            exchange.refuse(ErrorCode.UNAUTHENTICATED);
        } else if (!serves(path)) {
            exchange.refuse(ErrorCode.NOT_FOUND);
        } else if (page(path).isPresent()) {
            page(path).ifPresent(page -> page(exchange, page, path));
        } else if (!request.method().equals(HttpMethod.GET)) {
            notAllowed(exchange, List.of());
        } else if (path.equals(POOL)) {
            answer(
                    exchange,
                    () -> Optional.of(AdminPage.Document.json(PoolJson.of(runner.report()))),
                    ErrorCode.NOT_FOUND);
        } else if (path.startsWith(PROFILES)) {
            profile(exchange, path.substring(PROFILES.length()));
        } else {
            task(path.substring(TASKS.length()))
                    .ifPresentOrElse(
                            task ->
                                    answer(
                                            exchange,
                                            () ->
                                                    runner.report(task)
                                                            .map(PoolJson::of)
                                                            .map(AdminPage.Document::json),
                                            ErrorCode.TASK_NOT_FOUND),
                            () -> exchange.refuse(ErrorCode.TASK_NOT_FOUND));
        }
    }

    private void page(Exchange exchange, AdminPage page, String path) {
        HttpMethod method = exchange.request().method();
        if (method.equals(HttpMethod.GET)) {
            MultiMap query = exchange.request().params();
            answer(exchange, () -> page.document(path, query), ErrorCode.NOT_FOUND);
        } else if (page.changes().contains(method)) {
            answer(exchange, () -> page.change(method, path), ErrorCode.NOT_FOUND);
        } else {
            notAllowed(exchange, page.changes());
        }
    }

    private static void notAllowed(Exchange exchange, List<HttpMethod> changes) {
        String allowed =
                Stream.concat(Stream.of(HttpMethod.GET), changes.stream())
                        .map(HttpMethod::name)
                        .collect(Collectors.joining(", "));
        exchange.response().putHeader(HttpHeaders.ALLOW, allowed);
        exchange.refuse(ErrorCode.METHOD_NOT_ALLOWED);
    }

    private boolean serves(String path) {
        return path.equals(POOL)
                || path.startsWith(TASKS)
                || path.startsWith(PROFILES)
                || page(path).isPresent();
    }

    private Optional<AdminPage> page(String path) {
        return pages.stream().filter(page -> page.serves(path)).findFirst();
    }

    private void profile(Exchange exchange, String name) {
        Optional<TaskRef> task = task(name);
        Optional<Duration> length = seconds(exchange.request().getParam("seconds"));
        if (task.isEmpty()) {
            exchange.refuse(ErrorCode.TASK_NOT_FOUND);
        } else if (length.isEmpty()) {
            exchange.refuse(
                    Problem.of(ErrorCode.BAD_REQUEST)
                            .withDetail(
                                    "seconds must be a number from 1 to "
                                            + LONGEST_PROFILE_SECONDS));
        } else {
            Thread.ofVirtual()
                    .name("profile")
                    .start(() -> profile(exchange, task.get(), length.get()));
        }
    }

    private void profile(Exchange exchange, TaskRef task, Duration length) {
        try {
            Optional<AdminPage.Document> made =
                    runner.profile(task, length).map(ProfileJson::of).map(AdminPage.Document::json);
            exchange.onLoop(() -> sendProfile(exchange, made));
        } catch (InterruptedException e) {
            exchange.onLoop(() -> exchange.refuse(ErrorCode.OVER_CAPACITY));
        } catch (RuntimeException e) {
            exchange.onLoop(() -> exchange.fail(e));
        }
    }

    private static void sendProfile(Exchange exchange, Optional<AdminPage.Document> made) {
        if (made.isPresent()) {
            send(exchange, made, ErrorCode.NOT_FOUND);
        } else {
            exchange.refuse(
                    Problem.of(ErrorCode.OVER_CAPACITY)
                            .withDetail("another profile is being taken at this node"));
        }
    }

    private static Optional<Duration> seconds(String given) {
        if (given == null) {
            return Optional.of(Duration.ofSeconds(USUAL_PROFILE_SECONDS));
        }
        boolean isNumber = given.matches("\\d{1,2}");
        int seconds = isNumber ? Integer.parseInt(given) : 0;
        return seconds >= 1 && seconds <= LONGEST_PROFILE_SECONDS
                ? Optional.of(Duration.ofSeconds(seconds))
                : Optional.empty();
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

    /** Has the document made elsewhere; if there is none, says so by this code. */
    private void answer(
            Exchange exchange, Supplier<Optional<AdminPage.Document>> document, ErrorCode none) {
        try {
            workers.execute(() -> answerNow(exchange, document, none));
        } catch (RejectedExecutionException e) {
            exchange.refuse(ErrorCode.OVER_CAPACITY);
        }
    }

    private static void answerNow(
            Exchange exchange, Supplier<Optional<AdminPage.Document>> document, ErrorCode none) {
        try {
            Optional<AdminPage.Document> made = document.get();
            exchange.onLoop(() -> send(exchange, made, none));
        } catch (BadQueryException e) {
            Problem problem = Problem.of(ErrorCode.BAD_REQUEST).withDetail(e.getMessage());
            exchange.onLoop(() -> exchange.refuse(problem));
        } catch (RuntimeException e) {
            exchange.onLoop(() -> exchange.fail(e));
        }
    }

    private static void send(
            Exchange exchange, Optional<AdminPage.Document> document, ErrorCode none) {
        if (exchange.isFinished()) {
            return;
        }
        if (document.isEmpty()) {
            exchange.refuse(none);
            return;
        }
        exchange.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, document.get().mediaType())
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(document.get().bytes());
    }
}
