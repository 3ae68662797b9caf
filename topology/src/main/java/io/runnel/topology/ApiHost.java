package io.runnel.topology;

import io.runnel.exec.task.TaskRef;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * That a name of users' requests is an API's: they call its routes by paths of that host alone.
 *
 * @param name of the host, in small letters, without a port
 * @param api by its name
 */
public record ApiHost(String name, TaskRef api) {
    /** The most of one network. */
    public static final int MOST = 1_000;

    private static final Pattern NAME =
            Pattern.compile(
                    "(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
                            + "(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+");

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the name is none of a host with a domain
     */
    public ApiHost {
        host(name);
    }

    static String host(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a host must be a name with a domain, in small letters, as shop.example.com:"
                            + " '%s'".formatted(Shown.text(text)));
        }
        return text;
    }

    static TaskRef api(String text) {
        return TaskRef.parse("an API", text);
    }

    /** What names of requests are compared by. */
    static String key(String host) {
        return host.toLowerCase(Locale.ROOT);
    }
}
