package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.routing.catalog.VersionRecord;

import java.util.List;
import java.util.Set;

/** What AWS Lambda's API says of a function, as what the control API is asked to publish. Pure. */
final class FunctionFields {
    private static final Set<String> RUNTIMES =
            Set.of("provided", "provided.al2", FunctionConfiguration.RUNTIME);
    private static final int MOST_SECONDS = 900;
    private static final int MOST_MIB = 10_240;
    private static final int USUAL_SECONDS = 3;
    private static final int USUAL_MIB = 128;

    private FunctionFields() {}

    /** That of a new function, without its code. */
    static ObjectNode ofNew() {
        ObjectNode version = ControlJson.object();
        version.put("timeout", USUAL_SECONDS + "s");
        version.put("memory", USUAL_MIB + "MiB");
        return version;
    }

    /** What would publish a version once more, but for the values of its secrets. */
    static ObjectNode of(VersionRecord version) {
        ObjectNode json = ControlJson.object();
        ControlJson.put(json, version, true);
        json.remove(
                List.of("account", "task", "version", "live", "sizeBytes", "secrets", "created"));
        return json;
    }

    /** Changes what a request names. */
    static void change(ObjectNode version, JsonBody said) {
        requireOurs(said);
        if (said.has("Handler")) {
            boolean isHttp = said.text("Handler").equals(HandlerKind.HTTP.label());
            version.put("handler", (isHttp ? HandlerKind.HTTP : HandlerKind.EVENT).label());
        }
        if (said.has("Timeout")) {
            version.put("timeout", within(said, "Timeout", MOST_SECONDS) + "s");
        }
        if (said.has("MemorySize")) {
            version.put("memory", within(said, "MemorySize", MOST_MIB) + "MiB");
        }
        said.optionalObject("Environment")
                .ifPresent(
                        it -> {
                            ObjectNode env = version.putObject("env");
                            it.knowing("Variables").textMap("Variables").forEach(env::put);
                        });
    }

    private static int within(JsonBody said, String name, int most) {
        int value = said.positive(name);
        if (value > most) {
            throw RefusedException.invalid(name, "must be 1 to " + most);
        }
        return value;
    }

    /** Refuses what is of another runtime, whatever else is wrong with it. */
    static void requireOurs(JsonBody said) {
        if (said.has("Runtime") && !RUNTIMES.contains(said.text("Runtime"))) {
            throw RefusedException.invalid(
                    "Runtime",
                    "%s is not supported: a function is a WebAssembly program, NAME.wasm, in its"
                                    .formatted(said.text("Runtime"))
                            + " zip, and its runtime "
                            + FunctionConfiguration.RUNTIME);
        }
        if (said.has("PackageType") && !said.text("PackageType").equals("Zip")) {
            throw RefusedException.invalid("PackageType", "must be Zip");
        }
    }

    /** Sets a version's code. */
    static void setCode(ObjectNode version, String digest, RuntimeKind runtime) {
        version.put("digest", digest);
        version.put("runtime", runtime.label());
        if (!version.has("handler")) {
            version.put("handler", HandlerKind.EVENT.label());
        }
    }
}
