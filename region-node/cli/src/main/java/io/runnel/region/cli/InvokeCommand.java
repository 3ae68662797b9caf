package io.runnel.region.cli;

import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.TaskName;
import io.runnel.region.cli.supervisor.DataFolder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLException;

/** Calls a task as its account. */
@Command(
        name = "invoke",
        mixinStandardHelpOptions = true,
        description = {
            "Calls a task as its account: an http task by its URL, an event task with a payload.",
            "The result goes to standard output; where, why and how long to standard error."
        })
final class InvokeCommand implements Callable<Integer> {
    private static final Duration MOST_TO_ANSWER = Duration.ofMinutes(16);
    private static final int MOST_PROFILED_SECONDS = 30;

    private final Shell shell;

    @Mixin private DataOption data;

    @Parameters(
            paramLabel = "[ACCOUNT/]NAME[@VERSION]",
            description = "the task, and which of its versions if not the live one")
    private String name = "";

    @Option(names = "--pop", paramLabel = "POP", description = "where; the first one unless given")
    private Optional<String> pop = Optional.empty();

    @Option(
            names = {"-d", "--data-raw"},
            paramLabel = "TEXT|@FILE|-",
            description = "the body or payload: itself, a file's, or from standard input")
    private Optional<String> body = Optional.empty();

    @Option(
            names = {"-X", "--method"},
            paramLabel = "METHOD",
            description = "of an http task; GET unless given, with -d POST")
    private Optional<String> method = Optional.empty();

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME=VALUE",
            description = "a header of the request; may be repeated")
    private List<String> headers = List.of();

    @Option(
            names = "--event",
            description =
                    "it takes events: needed for other accounts' tasks and for aliases of such,"
                            + " which nobody else tells of")
    private boolean event;

    @Option(
            names = "--async",
            description = "do not wait for it: a region keeps it and runs it; prints its id")
    private boolean async;

    @Option(
            names = "--path",
            paramLabel = "PATH",
            description = "what follows an http task's URL: /more?name=value")
    private String path = "";

    @Option(names = "-v", description = "show the headers of request and answer")
    private boolean verbose;

    @Option(
            names = "--profile",
            arity = "0..1",
            paramLabel = "SECONDS",
            fallbackValue = "5",
            description =
                    "repeats the call for so long (5 unless given) and shows where the task's time"
                            + " went, by its functions' names")
    private Optional<Integer> profile = Optional.empty();

    InvokeCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        DataFolder folder = data.in(shell);
        Account account = Account.of(shell, folder);
        PopChoice.Chosen node = new PopChoice(shell, folder).of(pop);
        HttpRequest request = request(account, node.url());
        if (verbose) {
            InvokeReport.headers(">", request.method() + " " + request.uri(), request.headers())
                    .forEach(shell::say);
        }
        HttpClient http = node.client(account);
        long startedNanos = System.nanoTime();
        HttpResponse<byte[]> response = send(request, account, http);
        Duration took = Duration.ofNanos(System.nanoTime() - startedNanos);
        InvokeReport report = InvokeReport.of(response, took);
        if (verbose) {
            InvokeReport.headers("<", "" + response.statusCode(), response.headers())
                    .forEach(shell::say);
        }
        if (async && report.succeeded()) {
            shell.print(response.headers().firstValue("X-Amzn-RequestId").orElse(""));
        } else {
            report.result().ifPresent(this::printResult);
        }
        shell.say(report.line());
        if (report.succeeded() && profile.isPresent()) {
            profile(folder, account, request, http, profile.get());
        }
        return report.succeeded() ? 0 : 1;
    }

    /** The call once more and again, while the nodes look at it. */
    private void profile(
            DataFolder folder, Account account, HttpRequest request, HttpClient http, int seconds) {
        if (seconds < 1 || seconds > MOST_PROFILED_SECONDS) {
            throw CliException.usage(
                    "--profile takes 1 to %d seconds".formatted(MOST_PROFILED_SECONDS));
        }
        NodeAdmin nodes =
                NodeAdmin.of(folder)
                        .orElseThrow(
                                () ->
                                        CliException.failed(
                                                "--profile asks the nodes of a network that was"
                                                        + " started from this data folder"));
        Duration length = Duration.ofSeconds(seconds);
        shell.say("calling it for %d s ...".formatted(seconds));
        CalledTask called = CalledTask.parse(name, account.id());
        List<CompletableFuture<NodeAdmin.Answer>> watching =
                nodes.profile(called.owner(), called.task(), length);
        long endNanos = System.nanoTime() + length.toNanos();
        long calls = 0;
        while (System.nanoTime() - endNanos < 0) {
            calls += send(request, account, http).statusCode() < 400 ? 1 : 0;
        }
        ProfileText.lines(watching.stream().map(CompletableFuture::join).toList(), calls)
                .forEach(shell::say);
    }

    private HttpRequest request(Account account, URI node) {
        CalledTask called = CalledTask.parse(name, account.id());
        boolean isOwn = called.owner().equals(account.id());
        boolean isEvent = event || async || (isOwn && isEvent(account, called.task()));
        BodyPublisher content = body.map(this::content).orElseGet(BodyPublishers::noBody);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(isEvent ? lambda(node, called, isOwn) : url(node, called))
                        .timeout(MOST_TO_ANSWER)
                        .header("Runnel-Key", account.key().text());
        String way = method.orElse(isEvent || body.isPresent() ? "POST" : "GET");
        accept("-X", way, () -> request.method(way, content));
        if (async) {
            request.header("X-Amz-Invocation-Type", "Event");
        }
        headers.forEach(h -> accept("-H", h, () -> addHeader(request, h)));
        return request.build();
    }

    private static void addHeader(HttpRequest.Builder request, String given) {
        int equals = given.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("it must be NAME=VALUE");
        }
        request.header(given.substring(0, equals), given.substring(equals + 1));
    }

    private static void accept(String option, String value, Runnable take) {
        try {
            take.run();
        } catch (IllegalArgumentException e) {
            throw CliException.usage("%s '%s': %s".formatted(option, value, e.getMessage()));
        }
    }

    /** Event tasks are called by the way that AWS clients take; if no region tells, by the URL. */
    private boolean isEvent(Account account, TaskName task) {
        try {
            return LiveTask.of(account.api(), task)
                    .handler()
                    .filter(h -> h == HandlerKind.EVENT)
                    .isPresent();
        } catch (ApiException e) {
            if (e.code() == ApiException.Code.UNREACHABLE && account.absence().isEmpty()) {
                shell.say("runnel: no region tells what kind of task it is: called by its URL");
                return false;
            }
            throw e;
        }
    }

    private static URI lambda(URI node, CalledTask called, boolean isOwn) {
        String owner = isOwn ? "" : called.owner() + ":function:";
        String qualifier = called.named().toString().replace('@', ':');
        String function = owner + called.task() + qualifier;
        return node.resolve("/2015-03-31/functions/" + function + "/invocations");
    }

    private URI url(URI node, CalledTask called) {
        String rest =
                path.isEmpty() || path.startsWith("/") || path.startsWith("?") ? path : "/" + path;
        try {
            return URI.create(
                    Urls.task(node, called.owner(), called.task()) + called.named() + rest);
        } catch (IllegalArgumentException e) {
            throw CliException.usage("--path is no part of a URL: %s".formatted(e.getMessage()));
        }
    }

    private BodyPublisher content(String given) {
        try {
            if (given.equals("-")) {
                return BodyPublishers.ofByteArray(content(given, shell.in()));
            }
            if (!given.startsWith("@")) {
                return BodyPublishers.ofString(given);
            }
            try (InputStream file = Files.newInputStream(Path.of(given.substring(1)))) {
                return BodyPublishers.ofByteArray(content(given, file));
            }
        } catch (IOException e) {
            throw CliException.failed("-d %s cannot be read: %s".formatted(given, Reason.of(e)));
        }
    }

    private static byte[] content(String given, InputStream from) throws IOException {
        int most = Math.toIntExact(Limits.DEFAULT.requestBody().bytes());
        byte[] bytes = from.readNBytes(most + 1);
        if (bytes.length > most) {
            throw CliException.failed(
                    "-d %s has more than %,d bytes, the most of a request (%s; this limit is fixed)"
                            .formatted(given, most, Limits.DEFAULT.requestBody()));
        }
        return bytes;
    }

    private static HttpResponse<byte[]> send(
            HttpRequest request, Account account, HttpClient http) {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (SSLException e) {
            throw CliException.failed(
                    "no TLS with %s: %s; call it by a name that stands in its certificate: RUNNEL_POP=https://NAME:PORT"
                            .formatted(request.uri().resolve("/"), Reason.of(e)));
        } catch (IOException e) {
            throw CliException.failed(
                    account.absence()
                            .orElseGet(
                                    () ->
                                            "%s does not answer (%s); see runnel status"
                                                    .formatted(
                                                            request.uri().resolve("/"),
                                                            Reason.of(e))));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliException.failed("interrupted");
        }
    }

    private void printResult(byte[] result) {
        shell.out().write(result, 0, result.length);
        shell.flush();
        boolean isOpenLine = result.length > 0 && result[result.length - 1] != '\n';
        if (isOpenLine && shell.isOnTerminal()) {
            shell.out().println();
        }
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
