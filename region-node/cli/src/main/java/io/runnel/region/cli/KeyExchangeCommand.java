package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.attestation.CredentialsFile;
import io.runnel.attestation.Profile;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskName;
import io.runnel.region.cli.supervisor.DataFolder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A key for a token of somebody whom an account believes. */
@Command(
        name = "exchange",
        mixinStandardHelpOptions = true,
        description = {
            "Gets a key for a token of somebody whom an account believes (runnel accounts trust),"
                    + " and prints it as ID.SECRET; no key is needed for that.",
            "With --save-as it is kept in the credentials file instead."
        })
final class KeyExchangeCommand implements Callable<Integer> {
    private static final int MOST_CHARACTERS = 16 * 1024;
    private static final Duration MOST_TO_BE_KNOWN = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Shell shell;

    @Parameters(paramLabel = "ACCOUNT/TRUST", description = "whose key, and by which trust")
    private String name = "";

    @Option(
            names = "--token",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "what holds the token; - (unless given) for standard input")
    private String token = "-";

    @Option(
            names = "--save-as",
            paramLabel = "PROFILE",
            description = "keep it under this name in the credentials file")
    private Optional<String> saveAs = Optional.empty();

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Mixin private WaitOption patience;

    @Mixin private DataOption data;

    KeyExchangeCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        String[] parts = name.split("/", -1);
        if (parts.length != 2 || !AccountId.isValid(parts[0]) || !TaskName.isValid(parts[1])) {
            throw CliException.usage("as ACCOUNT/TRUST: '%s'".formatted(name));
        }
        DataFolder folder = data.in(shell);
        Api api = Account.anyone(shell, folder);
        Api.Change change =
                api.change("POST", "/v1/tokens/" + name, Json.object().put("token", read()));
        JsonNode key = change.answer();
        Profile profile = NewAccount.profile(saveAs.orElse(parts[0]), key, api.first());
        Api known = api.with(profile.token());
        if (!patience.isOff()) {
            awaitKnown(known, change);
        }
        int end = patience.await(shell, known, change);
        if (saveAs.isPresent()) {
            new CredentialsFile(folder.credentials()).put(profile);
            shell.print("%s is in %s".formatted(key.path("id").asText(), folder.credentials()));
        } else {
            shell.print(json ? Json.pretty(key) : key.path("token").asText());
        }
        return end;
    }

    /** The region that is asked may not have heard yet of the key by which it is asked. */
    private static void awaitKnown(Api api, Api.Change change) {
        long begun = System.nanoTime();
        while (change.path().isPresent()) {
            try {
                api.get(change.path().get());
                return;
            } catch (ApiException e) {
                boolean mayCome = e.problem().filter("unauthenticated"::equals).isPresent();
                if (!mayCome || System.nanoTime() - begun > MOST_TO_BE_KNOWN.toNanos()) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE.toMillis()));
            }
        }
    }

    private String read() {
        try {
            byte[] bytes =
                    token.equals("-")
                            ? shell.in().readNBytes(MOST_CHARACTERS + 1)
                            : Files.readAllBytes(Path.of(token));
            return new String(bytes, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw CliException.usage(
                    "--token: %s cannot be read: %s".formatted(token, Reason.of(e)));
        }
    }
}
