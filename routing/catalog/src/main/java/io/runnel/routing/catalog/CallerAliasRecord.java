package io.runnel.routing.catalog;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.TaskRef;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A name in an account, by which the account itself calls another task and sets parameters of the
 * call: {@code /fn/demo/pay} for {@code acme/charge@3} with {@code currency=EUR}. Nobody else can
 * call it, and it gives no right: the account has to be allowed to call the task.
 *
 * @param name by which it is called, as a task of the account would be
 * @param of what it stands for: a task of anybody, or another such name of the account
 * @param version which of the task's versions
 * @param parameters what they are set to, whatever else the call says of them
 * @param secrets more of them, whose values are kept apart
 */
public record CallerAliasRecord(
        TaskRef name,
        TaskRef of,
        Qualifier version,
        SortedMap<String, String> parameters,
        Optional<SecretBundle> secrets)
        implements CatalogRecord {
    /** The most parameters of one, secret ones included. */
    public static final int MOST_PARAMETERS = 32;

    /** The most of them that may lead from one to another. */
    public static final int MOST_DEEP = 4;

    /** A value's. */
    public static final int MOST_VALUE_CHARACTERS = 1_024;

    private static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    /** With parameters in any order. */
    public CallerAliasRecord(
            TaskRef name,
            TaskRef of,
            Qualifier version,
            Map<String, String> parameters,
            Optional<SecretBundle> secrets) {
        this(name, of, version, new TreeMap<>(parameters), secrets);
    }

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if it stands for itself, or its parameters are too many, too
     *     long, no names, or both secret and not
     */
    public CallerAliasRecord {
        if (name.equals(of)) {
            throw new IllegalArgumentException("an alias cannot stand for itself");
        }
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        Set<String> hidden = secrets.map(SecretBundle::names).orElse(Collections.emptySortedSet());
        int count = parameters.size() + hidden.size();
        if (count > MOST_PARAMETERS) {
            throw new IllegalArgumentException(
                    "parameters must be at most %d: %d".formatted(MOST_PARAMETERS, count));
        }
        parameters.forEach(CallerAliasRecord::require);
        hidden.forEach(CallerAliasRecord::requireName);
        if (!Collections.disjoint(parameters.keySet(), hidden)) {
            throw new IllegalArgumentException("a parameter is either secret or not");
        }
    }

    /** What its secret parameters are kept under. */
    public Optional<SecretBundle.Key> secretKey() {
        return secrets.map(bundle -> new SecretBundle.Key(name, bundle.id()));
    }

    private static void requireName(String name) {
        if (!PARAMETER.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a parameter's name must be 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'");
        }
    }

    /**
     * Checks a parameter.
     *
     * @throws IllegalArgumentException if its name is none, or its value is too long or has
     *     characters of control
     */
    public static void require(String name, String value) {
        requireName(name);
        if (value.length() > MOST_VALUE_CHARACTERS
                || value.codePoints().anyMatch(CallerAliasRecord::isNoText)) {
            throw new IllegalArgumentException(
                    "parameter %s must be at most %d characters, none of control"
                            .formatted(name, MOST_VALUE_CHARACTERS));
        }
    }

    private static boolean isNoText(int codePoint) {
        return Character.isISOControl(codePoint)
                || Character.getType(codePoint) == Character.SURROGATE;
    }

    @Override
    public RecordKind kind() {
        return RecordKind.CALLER_ALIAS;
    }

    /** {@code demo/pay}. */
    @Override
    public String key() {
        return name.toString();
    }
}
