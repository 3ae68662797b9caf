package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.function.Function;

/** Of which network something is read, and for whom it is told. */
final class ReadOptions {
    @Mixin private DataOption data;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    /** The way to the regions. */
    Api api(Shell shell) {
        return Account.of(shell, data.in(shell)).api();
    }

    /**
     * Tells it.
     *
     * @param words for people
     */
    void tell(Shell shell, JsonNode said, Function<JsonNode, String> words) {
        shell.print(json ? Json.pretty(said) : words.apply(said));
    }
}
