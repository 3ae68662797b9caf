package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.RuntimeKind;

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
        inspection(release.runtime(), version.path("inspection"));
        print(
                "%-10s memory %s, timeout %s, %s"
                        .formatted(
                                "limits",
                                release.memory(),
                                Durations.shown(release.timeout()),
                                release.everyone()
                                        ? "anyone may call it"
                                        : release.canary().isPresent()
                                                ? "called by whom the task is"
                                                : "private: with a key of the account"));
        release.canary().ifPresent(share -> print("%-10s %s of calls".formatted("canary", share)));
    }

    private void inspection(RuntimeKind runtime, JsonNode found) {
        if (found.has("milliseconds")) {
            String limit =
                    found.has("limitMilliseconds")
                            ? " of at most " + number(found.path("limitMilliseconds").asDouble())
                            : "";
            print(
                    "%-10s %s ms%s, %d %s, %s of memory at once"
                            .formatted(
                                    "start-up",
                                    number(found.path("milliseconds").asDouble()),
                                    limit,
                                    found.path("functions").asInt(),
                                    runtime == RuntimeKind.LINUX ? "files" : "functions",
                                    new ByteSize(found.path("initialMemoryBytes").asLong())));
        }
        found.path("notes").forEach(note -> print("%-10s %s".formatted("note", note.asText())));
    }

    void reached(Rollout.Place place) {
        print("  " + place);
    }

    void ends(JsonNode version, Rollout rollout, Optional<String> url) {
        if (json) {
            shell.print(Json.pretty(all(version, rollout, url)));
            return;
        }
        rollout.missing().forEach(this::reached);
        url.ifPresent(u -> print("%-10s %s".formatted("url", u)));
        print(
                "%-10s %s"
                        .formatted(
                                rollout.isDone() ? "done in" : "not everywhere after",
                                progress.elapsed()));
    }

    private static ObjectNode all(JsonNode version, Rollout rollout, Optional<String> url) {
        ObjectNode all = version.deepCopy();
        url.ifPresent(u -> all.put("url", u));
        all.put("everywhere", rollout.isDone());
        all.set("places", rollout.json());
        return all;
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
