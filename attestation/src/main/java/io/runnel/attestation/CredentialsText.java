package io.runnel.attestation;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The text of a credentials file, by sections. Lines that say nothing to us are kept. */
final class CredentialsText {
    private static final String ID = "aws_access_key_id";
    private static final String SECRET = "aws_secret_access_key";
    private static final String ENDPOINT = "endpoint";
    private static final String CA = "ca";
    private static final Set<String> OURS = Set.of(ID, SECRET, ENDPOINT, CA);

    private final SecretFile file;
    private final List<String> preamble;
    private final Map<String, List<String>> sections;

    private CredentialsText(
            SecretFile file, List<String> preamble, Map<String, List<String>> sections) {
        this.file = file;
        this.preamble = preamble;
        this.sections = sections;
    }

    /** Messages name the line's number, never what stands there: it may be a secret. */
    static CredentialsText parse(SecretFile file, String text) {
        var sections = new LinkedHashMap<String, List<String>>();
        var preamble = new ArrayList<String>();
        List<String> current = preamble;
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String bare = line.strip();
            if (bare.startsWith("[")) {
                current =
                        sections.computeIfAbsent(name(file, bare, number), k -> new ArrayList<>());
            } else {
                requireSetting(file, bare, number);
                current.add(line);
            }
        }
        return new CredentialsText(file, preamble, sections);
    }

    private static String name(SecretFile file, String bare, int number) {
        int end = bare.indexOf(']');
        String name = end < 0 ? "" : bare.substring(1, end).strip();
        if (!Profile.isName(name)) {
            throw file.malformed("line %d: a section must be [name]".formatted(number));
        }
        return name;
    }

    private static void requireSetting(SecretFile file, String bare, int number) {
        if (!isEmptyOrComment(bare) && bare.indexOf('=') < 1) {
            throw file.malformed("line %d: a setting must be name = value".formatted(number));
        }
    }

    private static boolean isEmptyOrComment(String bare) {
        return bare.isEmpty() || bare.startsWith("#") || bare.startsWith(";");
    }

    Map<String, Profile> profiles() {
        var found = new LinkedHashMap<String, Profile>();
        sections.forEach(
                (name, lines) -> profile(name, lines).ifPresent(made -> found.put(name, made)));
        return found;
    }

    private Optional<Profile> profile(String name, List<String> lines) {
        Optional<String> id = value(lines, ID).filter(KeyId::isValid);
        if (id.isEmpty()) {
            return Optional.empty();
        }
        String secret = value(lines, SECRET).orElse("");
        BearerToken token =
                BearerToken.parse(id.get() + '.' + secret)
                        .orElseThrow(
                                () ->
                                        file.malformed(
                                                "[%s]: %s is not a secret of ours"
                                                        .formatted(name, SECRET)));
        return Optional.of(
                new Profile(
                        name,
                        token,
                        value(lines, ENDPOINT).map(u -> uri(name, u)),
                        value(lines, CA).map(text -> path(name, text))));
    }

    /** One that is not absolute is beside the file. */
    private Path path(String name, String text) {
        try {
            return file.path().resolveSibling(text);
        } catch (InvalidPathException e) {
            throw file.malformed("[%s]: %s is no path of a file".formatted(name, CA));
        }
    }

    private URI uri(String name, String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw file.malformed("[%s]: %s is no URI".formatted(name, ENDPOINT));
        }
    }

    private static Optional<String> value(List<String> lines, String setting) {
        for (String line : lines) {
            if (isSetting(line, setting)) {
                return Optional.of(line.substring(line.indexOf('=') + 1).strip())
                        .filter(value -> !value.isEmpty());
            }
        }
        return Optional.empty();
    }

    private static boolean isSetting(String line, String setting) {
        int equals = line.indexOf('=');
        return equals > 0 && line.substring(0, equals).strip().equals(setting);
    }

    CredentialsText with(Profile profile) {
        var lines = new ArrayList<String>();
        lines.add(ID + " = " + profile.token().id());
        lines.add(SECRET + " = " + profile.token().secret());
        profile.endpoint().ifPresent(uri -> lines.add(ENDPOINT + " = " + uri));
        profile.ca().ifPresent(path -> lines.add(CA + " = " + path));
        for (String line : sections.getOrDefault(profile.name(), List.of())) {
            if (OURS.stream().noneMatch(setting -> isSetting(line, setting))) {
                lines.add(line);
            }
        }
        var changed = new LinkedHashMap<>(sections);
        changed.put(profile.name(), lines);
        return new CredentialsText(file, preamble, changed);
    }

    CredentialsText without(String name) {
        var changed = new LinkedHashMap<>(sections);
        changed.remove(name);
        return new CredentialsText(file, preamble, changed);
    }

    String text() {
        var out = new ArrayList<>(preamble);
        sections.forEach(
                (name, lines) -> {
                    out.add("[" + name + "]");
                    out.addAll(lines);
                });
        return out.isEmpty() ? "" : String.join("\n", out) + "\n";
    }
}
