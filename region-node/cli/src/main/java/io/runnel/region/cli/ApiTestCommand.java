package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.region.cli.supervisor.DataFolder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Calls each operation of an API that its document shows an example of. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = {
            "Calls each route of an API by the examples in its document, as your account, and"
                    + " compares the status with those that the document declares; if it declares"
                    + " none, below 400 is good.",
            "A route is skipped if the document has no example of a required parameter or of a"
                    + " required body."
        })
final class ApiTestCommand implements Callable<Integer> {
    private static final Duration MOST_TO_ANSWER = Duration.ofSeconds(60);

    private final Shell shell;

    @Parameters(paramLabel = "NAME", description = "the API")
    private String name = "";

    @Option(
            names = "--stage",
            paramLabel = "STAGE",
            description = "which stage is called; dev unless given")
    private String stage = ApisCommand.FIRST;

    @Option(
            names = "--pop",
            paramLabel = "POP|URL",
            description = "where; the first one unless given")
    private Optional<String> pop = Optional.empty();

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Mixin private DataOption data;

    ApiTestCommand(Shell shell) {
        this.shell = shell;
    }

    /** How a call went. */
    private enum Outcome {
        OK,
        FAILED,
        SKIPPED;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What came of one.
     *
     * @param status 0 without an answer
     */
    private record Result(String route, int status, Duration took, Outcome outcome, String why) {
        ObjectNode json() {
            ObjectNode one = Json.object();
            one.put("route", route);
            if (status > 0) {
                one.put("status", status);
                one.put("ms", took.toNanos() / 1e6);
            }
            one.put("result", outcome.label());
            if (!why.isEmpty()) {
                one.put("why", why);
            }
            return one;
        }
    }

    @Override
    public Integer call() {
        String path = ApisCommand.path(name);
        DataFolder folder = data.in(shell);
        Account account = Account.of(shell, folder);
        String document =
                account.api().text(path + "/document?stage=" + ApisCommand.requireStage(stage));
        PopChoice.Chosen node = new PopChoice(shell, folder).of(pop);
        HttpClient http = node.client(account);
        String base = "%s/api/%s/%s@%s".formatted(node.url(), account.id(), name, stage);
        List<Result> results =
                ApiExamples.of(Json.exact(document)).stream()
                        .map(example -> result(example, base, account, http))
                        .toList();
        print(results);
        return results.stream().anyMatch(one -> one.outcome() == Outcome.FAILED) ? 1 : 0;
    }

    private static Result result(
            ApiExample example, String base, Account account, HttpClient http) {
        if (example.skipped().isPresent()) {
            return new Result(
                    example.route(), 0, Duration.ZERO, Outcome.SKIPPED, example.skipped().get());
        }
        HttpRequest request;
        try {
            request = request(example, base, account);
        } catch (IllegalArgumentException e) {
            return new Result(example.route(), 0, Duration.ZERO, Outcome.SKIPPED, e.getMessage());
        }
        long startedNanos = System.nanoTime();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            return judged(example, response, Duration.ofNanos(System.nanoTime() - startedNanos));
        } catch (IOException e) {
            return new Result(
                    example.route(),
                    0,
                    Duration.ZERO,
                    Outcome.FAILED,
                    "%s does not answer: %s".formatted(request.uri().resolve("/"), Reason.of(e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliException.failed("interrupted");
        }
    }

    private static HttpRequest request(ApiExample example, String base, Account account) {
        BodyPublisher body =
                example.body()
                        .map(given -> BodyPublishers.ofString(given.text()))
                        .orElseGet(BodyPublishers::noBody);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + example.path()))
                        .timeout(MOST_TO_ANSWER)
                        .method(example.method(), body);
        example.body().ifPresent(given -> request.header("Content-Type", given.type()));
        example.headers().forEach(request::setHeader);
        // What is open is so for users; a stage before theirs is for its owner.
        if (!example.open() || !base.endsWith("@live")) {
            request.setHeader("Runnel-Key", account.key().text());
        }
        return request.build();
    }

    private static Result judged(ApiExample example, HttpResponse<String> response, Duration took) {
        int status = response.statusCode();
        boolean isGood = example.expects(status);
        JsonNode problem = Json.read(response.body());
        String why =
                isGood
                        ? ""
                        : problem.has("code")
                                ? Api.refusal(status, response.body()).getMessage()
                                : example.statuses().isEmpty()
                                        ? "no good status"
                                        : "the document declares "
                                                + String.join(
                                                        ", ",
                                                        example.statuses().stream()
                                                                .sorted()
                                                                .toList());
        return new Result(example.route(), status, took, isGood ? Outcome.OK : Outcome.FAILED, why);
    }

    private void print(List<Result> results) {
        if (json) {
            ArrayNode all = Json.array();
            results.forEach(one -> all.add(one.json()));
            shell.print(Json.pretty(Json.object().set("results", all)));
            return;
        }
        Table table = new Table("ROUTE", "STATUS", "MS", "RESULT", "");
        for (Result one : results) {
            boolean hasAnswer = one.status() > 0;
            var unused =
                    table.row(
                            one.route(),
                            hasAnswer ? one.status() : "",
                            hasAnswer
                                    ? String.format(Locale.ROOT, "%.1f", one.took().toNanos() / 1e6)
                                    : "",
                            one.outcome().label(),
                            one.why());
        }
        shell.print(table.toString());
    }
}
