package io.runnel.chaos.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** What a run leaves behind: {@code index.html} for people, {@code junit.xml} for programs. */
final class Report {
    private Report() {}

    /** Writes both. */
    static void write(RunOptions options, List<Result> results) throws IOException {
        Files.createDirectories(options.report());
        Files.writeString(
                options.report().resolve("junit.xml"), JUnitXml.of(options, results), UTF_8);
        Files.writeString(
                options.report().resolve("index.html"), HtmlPage.of(options, results), UTF_8);
    }
}
