package io.runnel.region.cli;

import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.OutboundHost;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskOptions;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * One of the sample tasks: a folder {@code NAME} with {@code NAME.wasm} and {@code
 * sample.properties}, which says how it is deployed; what is in its folder {@code assets}, if there
 * is one, goes with it.
 *
 * @param tryPath what follows its URL in a call worth trying, of an {@code http} task
 */
record Sample(Release release, Optional<String> tryPath) {
    private static final String SETTINGS = "sample.properties";
    private static final String ASSETS = "assets";
    private static final String OUTBOUND = "outbound";
    private static final String VARIABLE = "env.";

    /** All samples in a folder, by name. */
    static List<Sample> in(Path folder) {
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.filter(f -> Files.isRegularFile(f.resolve(SETTINGS)))
                    .sorted()
                    .map(Sample::read)
                    .toList();
        } catch (IOException e) {
            throw CliException.failed("no samples in %s: %s".formatted(folder, e.getMessage()));
        }
    }

    private static Sample read(Path folder) {
        String name = folder.getFileName().toString();
        Properties settings = new Properties();
        try (Reader text = Files.newBufferedReader(folder.resolve(SETTINGS))) {
            settings.load(text);
            Path module = folder.resolve(name + ".wasm");
            Path assets = folder.resolve(ASSETS);
            Code code =
                    Files.isDirectory(assets) ? Code.packaged(module, assets) : Code.read(module);
            return new Sample(
                    release(new TaskName(name), code, settings),
                    Optional.ofNullable(settings.getProperty("try")));
        } catch (IOException | IllegalArgumentException e) {
            throw CliException.failed(
                    "sample %s cannot be read: %s".formatted(folder, e.getMessage()));
        }
    }

    private static Release release(TaskName task, Code code, Properties settings) {
        String handler = settings.getProperty("handler", HandlerKind.HTTP.label());
        return new Release(
                task,
                code,
                RuntimeKind.WASM,
                HandlerKind.ofLabel(handler)
                        .orElseThrow(
                                () -> new IllegalArgumentException("unknown handler: " + handler)),
                settings.getProperty("memory", DeployCommand.DEFAULT_MEMORY),
                Durations.parse(settings.getProperty("timeout", DeployCommand.DEFAULT_TIMEOUT)),
                variables(settings),
                Map.of(),
                options(settings),
                Boolean.parseBoolean(settings.getProperty("public", "false")),
                List.of(),
                Optional.<Duration>empty(),
                Optional.empty());
    }

    private static TaskOptions options(Properties settings) {
        String hosts = settings.getProperty(OUTBOUND, "").strip();
        return TaskOptions.DEFAULT.withOutbound(
                hosts.isEmpty()
                        ? List.of()
                        : Stream.of(hosts.split("\\s+")).map(OutboundHost::parse).toList());
    }

    private static Map<String, String> variables(Properties settings) {
        Map<String, String> variables = new HashMap<>();
        for (String name : settings.stringPropertyNames()) {
            if (name.startsWith(VARIABLE)) {
                variables.put(name.substring(VARIABLE.length()), settings.getProperty(name));
            }
        }
        return variables;
    }
}
