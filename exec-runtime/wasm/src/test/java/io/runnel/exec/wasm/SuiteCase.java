package io.runnel.exec.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One module of the official testsuite and what its JSON says of it, in either of the two forms
 * that the testsuite knows (its doc/specification.md).
 *
 * @param folder what is to be the root of the guest's files
 * @param output what each stream, {@code stdout} or {@code stderr}, must begin with
 */
record SuiteCase(
        Path module,
        List<String> arguments,
        Map<String, String> environment,
        Optional<Path> folder,
        int exitCode,
        Map<String, String> output) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads the case of this module; without a JSON file it has no arguments and must exit with 0.
     *
     * @throws IOException if the file cannot be read, or asks for what only later versions have
     */
    static SuiteCase read(Path module) throws IOException {
        String name = module.getFileName().toString().replace(".wasm", ".json");
        Path file = module.resolveSibling(name);
        JsonNode config = Files.exists(file) ? JSON.readTree(file.toFile()) : JSON.readTree("{}");
        Map<String, String> output = new LinkedHashMap<>();
        if (!config.has("operations")) {
            for (String stream : List.of("stdout", "stderr")) {
                if (config.has(stream)) {
                    output.put(stream, config.get(stream).asText());
                }
            }
            return of(module, config, config.path("exit_code").asInt(0), output);
        }
        JsonNode run = JSON.readTree("{}");
        int exitCode = 0;
        for (JsonNode operation : config.get("operations")) {
            String type = operation.path("type").asText();
            switch (type) {
                case "run" -> run = operation;
                case "wait" -> exitCode = operation.path("exit_code").asInt(0);
                case "read" ->
                        output.put(
                                operation.path("id").asText("stdout"),
                                operation.path("payload").asText());
                default -> throw new IOException("the test wants what is not run: " + type);
            }
        }
        return of(module, run, exitCode, output);
    }

    private static SuiteCase of(
            Path module, JsonNode run, int exitCode, Map<String, String> output) {
        List<String> arguments = new ArrayList<>();
        arguments.add(module.getFileName().toString());
        run.path("args").forEach(argument -> arguments.add(argument.asText()));
        Map<String, String> environment = new LinkedHashMap<>();
        run.path("env")
                .properties()
                .forEach(entry -> environment.put(entry.getKey(), entry.getValue().asText()));
        Optional<Path> folder =
                Optional.ofNullable(run.path("root").textValue()).map(module::resolveSibling);
        return new SuiteCase(module, arguments, environment, folder, exitCode, output);
    }
}
