package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.exec.task.ByteSize;

import java.util.Locale;
import java.util.Optional;

/** What a person reads of a deploy, line by line as it happens; with JSON, all at the end. */
final class DeployReport {
    private final Shell shell;
    private final boolean json;
    private final Progress progress;

    DeployReport(Shell shell, boolean json) {
        this.shell = shell;
        this.json = json;
        this.progress = new Progress(shell);
    }

    void begins(Release release) {
        print(
                "%-10s %s, %s, %s"
                        .formatted(
                                "code",
                                size(release.code().size()),
                                release.runtime().label(),
                                release.handler().label()));
        print("%-10s %s".formatted("digest", release.digest()));
    }

    void published(Release release, JsonNode version) {
        print("%-10s %d".formatted("version", version.path("version").asInt()));
        if (version.has("inspectMs")) {
            String limit =
                    version.has("inspectLimitMs")
                            ? " of at most " + version.path("inspectLimitMs").asText() + " ms"
                            : "";
            print(
                    "%-10s %s ms%s"
                            .formatted(
                                    "start-up",
                                    number(version.path("inspectMs").asDouble()),
                                    limit));
        }
        print(
                "%-10s memory %s, timeout %s, %s"
                        .formatted(
                                "limits",
                                release.memory(),
                                Durations.shown(release.timeout()),
                                release.everyone()
                                        ? "anyone may call it"
                                        : "private: with a key of the account"));
    }

    void reached(JsonNode node) {
        print("  %s".formatted(Publisher.line(node)));
    }

    void ends(JsonNode version, JsonNode nodes, Optional<String> url) {
        if (json) {
            var all = Publisher.with(version, nodes);
            url.ifPresent(u -> all.put("url", u));
            shell.print(Json.pretty(all));
            return;
        }
        for (JsonNode node : nodes) {
            if (!Publisher.isDoneAt(node)) {
                print("  %s".formatted(Publisher.line(node)));
            }
        }
        url.ifPresent(u -> print("%-10s %s".formatted("url", u)));
        print(
                "%-10s %s"
                        .formatted(
                                Publisher.isDone(nodes) ? "done in" : "not everywhere after",
                                progress.elapsed()));
    }

    private void print(String text) {
        if (!json) {
            shell.print(text);
        }
    }

    /** {@code 4,885 bytes}. */
    private static String size(int bytes) {
        String exact = String.format(Locale.ROOT, "%,d bytes", bytes);
        return bytes >= 1 << 20 ? exact + " (" + ByteSize.ofMiB(bytes >> 20) + ")" : exact;
    }

    private static String number(double value) {
        return value < 10
                ? String.format(Locale.ROOT, "%.1f", value)
                : Long.toString(Math.round(value));
    }
}
