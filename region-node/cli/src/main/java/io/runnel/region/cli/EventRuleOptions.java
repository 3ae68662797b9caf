package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Option;

import java.util.Optional;

/** What is to become of a task's events. */
final class EventRuleOptions {
    @Option(
            names = "--retries",
            paramLabel = "N",
            description = "run one again so often that the task failed: 0 to 2, 2 unless given")
    private Optional<Integer> retries = Optional.empty();

    @Option(
            names = "--max-age",
            paramLabel = "TIME",
            description = "begin none that is older: 60s to 6h, 6h unless given")
    private Optional<String> maxAge = Optional.empty();

    @Option(
            names = "--on-failure",
            paramLabel = "TASK",
            description = "tell this task of those that were given up")
    private Optional<String> onFailure = Optional.empty();

    @Option(
            names = "--on-success",
            paramLabel = "TASK",
            description = "tell this task of those that succeeded")
    private Optional<String> onSuccess = Optional.empty();

    @Option(names = "--reset", description = "as usual")
    private boolean reset;

    /** Whether anything is said. */
    boolean changes() {
        boolean says = !body().isEmpty();
        if (says && reset) {
            throw CliException.usage("--reset goes with none of the others");
        }
        return says || reset;
    }

    String method() {
        return reset ? "DELETE" : "PUT";
    }

    ObjectNode body() {
        ObjectNode body = Json.object();
        retries.ifPresent(count -> body.put("retries", count));
        maxAge.ifPresent(time -> body.put("maxAge", time));
        onFailure.ifPresent(task -> body.put("onFailure", CalledTask.name(task).value()));
        onSuccess.ifPresent(task -> body.put("onSuccess", CalledTask.name(task).value()));
        return body;
    }

    /** {@code hello: events are retried twice, and given up after 6h at most; ...}. */
    static String sentence(String name, JsonNode rule) {
        String told =
                to("those given up go to ", rule.path("onFailure"))
                        + to("those that succeeded go to ", rule.path("onSuccess"));
        return "%s: events are %s, and given up after %s at most%s"
                .formatted(
                        name,
                        retried(rule.path("retries").asInt()),
                        rule.path("maxAge").asText(),
                        told);
    }

    private static String retried(int times) {
        return switch (times) {
            case 0 -> "not retried";
            case 1 -> "retried once";
            default -> "retried twice";
        };
    }

    private static String to(String what, JsonNode task) {
        return task.isMissingNode() ? "" : "; " + what + task.asText();
    }
}
