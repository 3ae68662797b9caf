package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a call came to: where it ran and why, how long each phase took.
 *
 * @param line for people
 * @param result the task's own answer; none if the network answered in its place
 */
record InvokeReport(boolean succeeded, String line, Optional<byte[]> result) {
    private static final String PROBLEM = "application/problem+json";
    private static final Pattern PHASE =
            Pattern.compile("\\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)[^,]*?;\\s*dur=([0-9.]+)[^,]*");

    static InvokeReport of(HttpResponse<byte[]> response, Duration took) {
        HttpHeaders headers = response.headers();
        boolean isRefusal = value(headers, "Content-Type").startsWith(PROBLEM);
        JsonNode problem =
                isRefusal ? Json.read(InvokeCommand.text(response.body())) : Json.object();
        boolean isOurs = isRefusal && problem.has("code");
        Optional<String> functionError = headers.firstValue("X-Amz-Function-Error");
        boolean succeeded = response.statusCode() < 400 && functionError.isEmpty();
        String start =
                isOurs
                        ? "runnel: "
                                + Api.refusal(response.statusCode(), problem.toString())
                                        .getMessage()
                        : functionError
                                .map(e -> "function error (" + e + ")")
                                .orElse(Integer.toString(response.statusCode()));
        return new InvokeReport(
                succeeded,
                String.join(", ", facts(start, headers, took)),
                isOurs ? Optional.<byte[]>empty() : Optional.of(response.body()));
    }

    private static List<String> facts(String start, HttpHeaders headers, Duration took) {
        List<String> facts = new ArrayList<>(List.of(start));
        String why = value(headers, "Runnel-Placed");
        headers.firstValue("Runnel-Ran-At")
                .ifPresent(
                        at -> facts.add("ran at " + at + (why.isEmpty() ? "" : " (" + why + ")")));
        headers.firstValue("Runnel-Start").ifPresent(facts::add);
        headers.firstValue("Runnel-Task-Version").ifPresent(v -> facts.add("version " + v));
        headers.firstValue("Runnel-Stale").ifPresent(s -> facts.add("stale for " + s + " s"));
        facts.add(
                milliseconds(took) + phases(String.join(",", headers.allValues("Server-Timing"))));
        headers.firstValue("Runnel-Request-Id")
                .filter(id -> !start.contains(id))
                .ifPresent(id -> facts.add("request " + id));
        return facts;
    }

    /** {@code : queue 0.1, run 1.9}, from {@code queue;dur=0.1, run;dur=1.9}. */
    static String phases(String serverTiming) {
        List<String> phases = new ArrayList<>();
        for (String part : serverTiming.split(",", -1)) {
            Matcher matcher = PHASE.matcher(part);
            if (matcher.matches()) {
                phases.add(matcher.group(1) + " " + matcher.group(2));
            }
        }
        return phases.isEmpty() ? "" : " (" + String.join(", ", phases) + ")";
    }

    private static String milliseconds(Duration took) {
        return String.format(Locale.ROOT, "%.1f ms", took.toNanos() / 1e6);
    }

    private static String value(HttpHeaders headers, String name) {
        return headers.firstValue(name).orElse("");
    }

    /** The first line and the headers, as they are shown with {@code -v}; keys stay hidden. */
    static List<String> headers(String arrow, String first, HttpHeaders headers) {
        List<String> lines = new ArrayList<>(List.of(arrow + " " + first));
        headers.map()
                .forEach(
                        (name, values) -> {
                            boolean secret = name.equalsIgnoreCase("Runnel-Key");
                            values.forEach(
                                    v ->
                                            lines.add(
                                                    "%s %s: %s"
                                                            .formatted(
                                                                    arrow,
                                                                    name,
                                                                    secret ? "..." : v)));
                        });
        return lines;
    }
}
