package io.runnel.region.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the values of secrets come from: the shell's variables, or files. Not from the command
 * line, which everybody on the machine may read.
 */
record SecretValues(Shell shell) {
    private static final int MOST_BYTES = 128 * 1024;

    /**
     * The values.
     *
     * @param given each as {@code NAME} or {@code NAME=@FILE}
     * @throws CliException if there is no such variable or file; never tells a value
     */
    Map<String, String> of(List<String> given) {
        Map<String, String> values = new TreeMap<>();
        for (String each : given) {
            int equals = each.indexOf('=');
            String name = equals < 0 ? each : each.substring(0, equals);
            String value = equals < 0 ? variable(name) : file(name, each.substring(equals + 1));
            if (values.put(name, value) != null) {
                throw CliException.usage("--secret %s is given twice".formatted(name));
            }
        }
        return values;
    }

    /**
     * The value of a secret parameter.
     *
     * @param source where it comes from: a variable's name, or {@code @FILE}
     * @throws CliException if there is no such variable or file; never tells a value
     */
    String parameter(String name, String source) {
        String value =
                source.startsWith("@") && source.length() > 1
                        ? text(Path.of(source.substring(1)))
                        : shell.environment().get(source);
        if (value == null) {
            throw CliException.usage(
                    "--param %1$s=secret:... names no variable here; export one and name it, or give a file: --param %1$s=secret:@FILE"
                            .formatted(name));
        }
        return value;
    }

    private String variable(String name) {
        String value = shell.environment().get(name);
        if (value == null) {
            throw CliException.usage(
                    "--secret %s: there is no such variable here; export it, or give a file: --secret %s=@FILE"
                            .formatted(name, name));
        }
        return value;
    }

    private static String file(String name, String at) {
        if (!at.startsWith("@") || at.length() == 1) {
            throw CliException.usage(
                    "--secret %s=... would show its value to everybody on this machine: give a file, --secret %s=@FILE, or export it and say --secret %s"
                            .formatted(name, name, name));
        }
        return text(Path.of(at.substring(1)));
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw CliException.failed(
                        "%s is larger than %,d bytes".formatted(file, MOST_BYTES));
            }
            String text = Files.readString(file);
            return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        } catch (MalformedInputException e) {
            throw CliException.failed(file + " is no text in UTF-8");
        } catch (IOException e) {
            throw CliException.failed("%s cannot be read: %s".formatted(file, Reason.of(e)));
        }
    }
}
