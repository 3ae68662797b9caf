package io.runnel.region.server.control;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.LatencyNeed;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.OutboundHost;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.placement.EligibleRegions;
import io.runnel.topology.Topology;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is asked to be published.
 *
 * @param secrets variables whose values are nobody's to see
 * @param everyone whether anyone may call it; as it was if not said
 * @param maxStale as it was if not said
 * @param canary which calls it gets first, if not all
 */
record VersionRequest(
        CodeDigest digest,
        RuntimeKind runtime,
        HandlerKind handler,
        Limits limits,
        Map<String, String> environment,
        Map<String, String> secrets,
        TaskOptions options,
        Optional<Boolean> everyone,
        List<RegionId> regions,
        Optional<Duration> maxStale,
        Optional<JsonBody> canary) {

    static final int MOST_ENVIRONMENT_CHARACTERS = 32 * 1024;
    static final int MOST_VARIABLES = 128;

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final ByteSize LINUX_MEMORY = ByteSize.ofMiB(128);
    private static final Duration LONGEST_STALE = Duration.ofDays(365);

    /** Reads the request; the first field that is wrong is named. */
    static VersionRequest read(JsonBody body, Topology topology) {
        body.knowing(
                "digest",
                "runtime",
                "handler",
                "memory",
                "timeout",
                "env",
                "secrets",
                "public",
                "regions",
                "maxStale",
                "reuse",
                "coarseClock",
                "outbound",
                "latency",
                "devices",
                "callers",
                "canary");
        RuntimeKind runtime =
                body.optional("runtime", labelled(RuntimeKind::ofLabel, "wasm, js or linux"))
                        .orElse(RuntimeKind.WASM);
        HandlerKind handler =
                body.optional("handler", labelled(HandlerKind::ofLabel, "http or event"))
                        .orElse(
                                runtime == RuntimeKind.LINUX
                                        ? HandlerKind.EVENT
                                        : HandlerKind.HTTP);
        if (runtime == RuntimeKind.LINUX && handler != HandlerKind.EVENT) {
            throw RefusedException.invalid(
                    "handler", "must be event for linux: requests come to it as events");
        }
        CodeDigest digest = body.value("digest", CodeDigest::new);
        TaskOptions options = options(body, runtime);
        Map<String, String> environment = variables("env", body, MOST_VARIABLES, 0);
        List<RegionId> regions = regions(body, topology);
        requireDevices(options.devices(), runtime, regions, topology);
        return new VersionRequest(
                digest,
                runtime,
                handler,
                limits(body, runtime),
                environment,
                secrets(body, environment),
                options,
                body.optionalFlag("public"),
                regions,
                body.optional("maxStale", VersionRequest::stale),
                body.optionalObject("canary"));
    }

    private static <T> Function<String, T> labelled(
            Function<String, Optional<T>> ofLabel, String rule) {
        return text ->
                ofLabel.apply(text)
                        .orElseThrow(() -> new IllegalArgumentException("must be " + rule));
    }

    private static Limits limits(JsonBody body, RuntimeKind runtime) {
        Limits usual =
                runtime == RuntimeKind.LINUX
                        ? Limits.DEFAULT.withMemory(LINUX_MEMORY)
                        : Limits.DEFAULT;
        Limits sized =
                body.optional("memory", text -> usual.withMemory(ByteSize.parse(text)))
                        .orElse(usual);
        return body.optional("timeout", text -> sized.withTimeout(DurationText.parse(text)))
                .orElse(sized);
    }

    /** A program that is started once goes on where it was, unless its owner wants otherwise. */
    private static TaskOptions options(JsonBody body, RuntimeKind runtime) {
        Reuse usual = runtime == RuntimeKind.LINUX ? Reuse.KEPT : TaskOptions.DEFAULT.reuse();
        List<String> outbound = body.texts("outbound");
        if (outbound.size() > OutboundHost.MOST) {
            throw RefusedException.invalid(
                    "outbound", "must be at most %d hosts".formatted(OutboundHost.MOST));
        }
        return new TaskOptions(
                body.optional("reuse", Reuse::parse).orElse(usual),
                body.optionalFlag("coarseClock").orElse(false),
                outbound.stream()
                        .map(text -> JsonBody.checked("outbound", text, OutboundHost::parse))
                        .distinct()
                        .toList(),
                body.optional("latency", LatencyNeed::parse).orElse(TaskOptions.DEFAULT.latency()),
                devices(body),
                Optional.empty(),
                body.optionalRequirements("callers"));
    }

    private static List<DeviceName> devices(JsonBody body) {
        List<String> devices = body.texts("devices");
        if (devices.size() > DeviceName.MOST) {
            throw RefusedException.invalid(
                    "devices", "must be at most %d".formatted(DeviceName.MOST));
        }
        return devices.stream()
                .map(text -> JsonBody.checked("devices", text, DeviceName::new))
                .distinct()
                .toList();
    }

    /** What no POP takes must have a region that does. */
    private static void requireDevices(
            List<DeviceName> devices,
            RuntimeKind runtime,
            List<RegionId> bound,
            Topology topology) {
        if (devices.isEmpty()) {
            return;
        }
        if (runtime != RuntimeKind.WASM) {
            throw RefusedException.invalid(
                    "devices",
                    "are for tasks of runtime wasm: it is %s".formatted(runtime.label()));
        }
        if (EligibleRegions.of(bound, devices, topology).named().isEmpty()) {
            throw RefusedException.invalid(
                    "devices",
                    "there is no region%s that has %s"
                            .formatted(
                                    bound.isEmpty() ? "" : " among the task's",
                                    devices.stream()
                                            .map(DeviceName::value)
                                            .collect(Collectors.joining(" and "))));
        }
    }

    private static Duration stale(String text) {
        Duration stale = DurationText.parse(text);
        if (stale.compareTo(LONGEST_STALE) > 0) {
            throw new IllegalArgumentException(
                    "must be at most %d days".formatted(LONGEST_STALE.toDays()));
        }
        return stale;
    }

    private static Map<String, String> secrets(JsonBody body, Map<String, String> environment) {
        Map<String, String> secrets =
                variables("secrets", body, SecretBundle.MOST, characters(environment));
        for (String name : secrets.keySet()) {
            if (environment.containsKey(name)) {
                throw RefusedException.invalid(
                        "secrets", "a variable is secret or not: %s is in env too".formatted(name));
            }
        }
        return secrets;
    }

    /**
     * What guests see as their environment; a message never holds a value.
     *
     * @param most how many variables there may be
     * @param others how many characters there are already
     */
    private static Map<String, String> variables(
            String field, JsonBody body, int most, int others) {
        Map<String, String> variables = body.textMap(field);
        if (variables.size() > most) {
            throw RefusedException.invalid(field, "must be at most %d variables".formatted(most));
        }
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            if (!VARIABLE.matcher(variable.getKey()).matches()) {
                throw RefusedException.invalid(
                        field, "names must be 1 to 128 of A-Z, a-z, 0-9 and _, no digit first");
            }
            if (!isText(variable.getValue())) {
                throw RefusedException.invalid(
                        field + "." + variable.getKey(),
                        "must be well-formed Unicode without a zero character");
            }
        }
        if (characters(variables) + others > MOST_ENVIRONMENT_CHARACTERS) {
            throw RefusedException.invalid(
                    field,
                    "must be at most %d characters in all, env and secrets together"
                            .formatted(MOST_ENVIRONMENT_CHARACTERS));
        }
        return variables;
    }

    private static int characters(Map<String, String> variables) {
        return variables.entrySet().stream()
                .mapToInt(variable -> variable.getKey().length() + variable.getValue().length())
                .sum();
    }

    /** Half a surrogate pair has no form in UTF-8: it would come out as another character. */
    private static boolean isText(String value) {
        return value.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(value);
    }

    /** Regions that a body names, each of which there is. */
    static List<RegionId> regions(JsonBody body, Topology topology) {
        List<RegionId> regions =
                body.texts("regions").stream()
                        .map(text -> JsonBody.checked("regions", text, RegionId::new))
                        .distinct()
                        .toList();
        for (RegionId region : regions) {
            if (topology.region(region).isEmpty()) {
                throw RefusedException.invalid(
                        "regions", "there is no region %s".formatted(region));
            }
        }
        return regions;
    }

    /**
     * The version that it makes.
     *
     * @param bundle under which its secrets are kept, if it has any
     */
    Task task(TaskRef ref, int version, Optional<SecretBundle> bundle) {
        return new Task(
                ref,
                version,
                runtime,
                handler,
                digest,
                limits,
                environment,
                options.withSecrets(bundle));
    }
}
