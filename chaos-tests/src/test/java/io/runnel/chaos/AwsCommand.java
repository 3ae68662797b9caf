package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.attestation.BearerToken;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The command {@code aws lambda}, asking a network's POP. */
record AwsCommand(AccountNetwork accounts) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The test is skipped where there is none, or fails if nothing may be. */
    static void require() {
        try {
            assertEquals(0, RealNetwork.run(List.of("aws", "--version")).exit());
        } catch (AssertionError e) {
            String hint = "the AWS command not tried: apt-get install awscli";
            if ("1".equals(System.getenv("RUNNEL_STRICT"))) {
                fail(hint, e);
            }
            System.out.println("SKIPPED " + hint);
            Assumptions.abort(hint);
        }
    }

    /** What it says to {@code acme}; an empty object for nothing. */
    JsonNode run(String command, String... more) {
        RealNetwork.Said said = said("acme", command, more);
        said.mustWork();
        try {
            return JSON.readTree(said.out().isBlank() ? "{}" : said.out());
        } catch (IOException e) {
            throw new AssertionError(said.toString(), e);
        }
    }

    /** What it says to an account, whatever that is. */
    RealNetwork.Said said(String account, String command, String... more) {
        BearerToken key = accounts.key(account);
        List<String> words =
                new ArrayList<>(
                        List.of("aws", "--output", "json", "--endpoint-url", accounts.pop()));
        words.addAll(List.of("lambda", command));
        words.addAll(List.of(more));
        return RealNetwork.run(
                words,
                "AWS_ACCESS_KEY_ID",
                key.id().value(),
                "AWS_SECRET_ACCESS_KEY",
                key.secret(),
                "AWS_DEFAULT_REGION",
                "eu-west-1",
                "AWS_CONFIG_FILE",
                "/dev/null",
                "AWS_PAGER",
                "");
    }
}
