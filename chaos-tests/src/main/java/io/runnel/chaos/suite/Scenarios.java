package io.runnel.chaos.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The scenarios that there are. */
final class Scenarios {
    /** What {@code run} is told for all of them. */
    static final String ALL = "all";

    private static final String FOLDER = "scenarios/";
    private static final String ENDING = ".yaml";

    private Scenarios() {}

    /** The names of those that come with the program. */
    static List<String> names() {
        return Resources.text(FOLDER + "index").lines().filter(line -> !line.isBlank()).toList();
    }

    /**
     * One that comes with the program.
     *
     * @throws ScenarioException if it is wrong
     */
    static Scenario named(String name) {
        String file = name + ENDING;
        return ScenarioReader.read(name, file, Resources.text(FOLDER + file));
    }

    /**
     * What a person means: names, files' paths that end in {@code .yaml}, or all in an order that
     * the seed makes.
     *
     * @throws IllegalArgumentException if there is none of a name
     * @throws ScenarioException if one cannot be read
     */
    static List<Scenario> meant(List<String> texts, long seed) {
        if (texts.equals(List.of(ALL))) {
            List<Scenario> all = new ArrayList<>();
            names().forEach(name -> all.add(named(name)));
            Collections.shuffle(all, new Random(seed));
            return all;
        }
        return texts.stream().map(Scenarios::meant).toList();
    }

    private static Scenario meant(String text) {
        if (text.endsWith(ENDING)) {
            return ofFile(Path.of(text));
        }
        if (!names().contains(text)) {
            throw new IllegalArgumentException(
                    "no scenario '%s'; runnel chaos list shows them".formatted(text));
        }
        return named(text);
    }

    private static Scenario ofFile(Path file) {
        String name = file.getFileName().toString().replace(ENDING, "");
        try {
            if (Files.size(file) > Fields.MOST_CHARACTERS) {
                throw new ScenarioException(file.toString(), 1, "the file is too large");
            }
            return ScenarioReader.read(name, file.toString(), Files.readString(file, UTF_8));
        } catch (IOException e) {
            throw new ScenarioException("cannot read " + file, e);
        }
    }
}
