package io.runnel.region.cli.supervisor;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.task.NodeName;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Variables that single nodes' processes get beside what the supervisor has, for tests: one file a
 * node, {@code NAME.env}, a line each, {@code NAME=VALUE}; what begins with {@code #} is no
 * variable. They are read at each start of a process.
 *
 * @param folder where the files are; empty for no variables
 */
record NodeVariables(Optional<Path> folder) {
    /** Names the folder. */
    static final String FOLDER_VARIABLE = "RUNNEL_NODE_ENV";

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final int MOST_BYTES = 64 << 10;

    /** None for any node. */
    static final NodeVariables NONE = new NodeVariables(Optional.empty());

    /** As a process's own variables say. */
    static NodeVariables said(Map<String, String> environment) {
        return new NodeVariables(
                Optional.ofNullable(environment.get(FOLDER_VARIABLE))
                        .filter(text -> !text.isEmpty())
                        .map(Path::of));
    }

    /**
     * Those of a node; none if it has no file.
     *
     * @throws IOException if its file cannot be read, or has a line that is no variable
     */
    Map<String, String> of(NodeName node) throws IOException {
        if (folder.isEmpty()) {
            return Map.of();
        }
        Path file = folder.get().resolve(node + ".env");
        if (!Files.exists(file)) {
            return Map.of();
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("%s: more than %d bytes".formatted(file, MOST_BYTES));
        }
        Map<String, String> variables = new LinkedHashMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file, UTF_8)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals < 0 || !NAME.matcher(line.substring(0, equals)).matches()) {
                throw new IOException("%s:%d: a line is NAME=VALUE".formatted(file, number));
            }
            variables.put(line.substring(0, equals), line.substring(equals + 1));
        }
        return variables;
    }
}
