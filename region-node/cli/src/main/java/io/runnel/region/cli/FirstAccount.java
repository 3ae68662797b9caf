package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.CredentialsFile;
import io.runnel.attestation.Profile;
import io.runnel.region.cli.supervisor.DataFolder;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The account that people begin with, and its key in the data folder. Not thread-safe. */
final class FirstAccount {
    /** The registry may be on another machine, which starts at the same time. */
    private static final Duration MOST_FOR_REGISTRY = Duration.ofMinutes(1);

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final DataFolder data;
    private final CredentialsFile credentials;
    private final Consumer<String> tell;

    /**
     * Of this data folder.
     *
     * @param tell is told what happens
     */
    FirstAccount(DataFolder data, CredentialsFile credentials, Consumer<String> tell) {
        this.data = data;
        this.credentials = credentials;
        this.tell = tell;
    }

    /**
     * Makes it if it has no key here; else sees to it that its address is that of today.
     *
     * @param registry where the registry region answers
     * @throws ApiException if that refuses, or does not answer for a minute
     */
    void ensure(URI registry) {
        Optional<Profile> known = credentials.profile(Account.DEFAULT);
        if (known.isPresent()) {
            secure(known.get(), registry);
            return;
        }
        BearerToken admin =
                credentials
                        .profile(NetworkStart.ADMIN)
                        .map(Profile::token)
                        .orElseThrow(
                                () ->
                                        CliException.failed(
                                                "no [admin] key in " + data.credentials()));
        Api api = new Api(List.of(registry), admin, NetworkRoot.of(data), Optional::empty);
        credentials.put(NewAccount.profile(Account.DEFAULT, awaitKey(api, registry), registry));
        tell.accept(
                "account %s made, its key is in %s".formatted(Account.DEFAULT, data.credentials()));
    }

    /** Regions spoke in clear text once, and what was written then says so. */
    private void secure(Profile known, URI registry) {
        URI inClearText = URI.create("http://" + registry.getAuthority());
        if (known.endpoint().equals(Optional.of(inClearText))) {
            credentials.put(
                    new Profile(known.name(), known.token(), Optional.of(registry), known.ca()));
        }
    }

    private JsonNode awaitKey(Api api, URI registry) {
        long beginNanos = System.nanoTime();
        boolean told = false;
        while (true) {
            try {
                return newKey(api);
            } catch (ApiException e) {
                if (e.code() != ApiException.Code.UNREACHABLE
                        || Thread.currentThread().isInterrupted()
                        || System.nanoTime() - beginNanos > MOST_FOR_REGISTRY.toNanos()) {
                    throw e;
                }
            }
            if (!told) {
                tell.accept("the registry region at %s does not answer yet".formatted(registry));
                told = true;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    /** A key of the account, which another machine or a start that was cut short may have made. */
    private static JsonNode newKey(Api api) {
        try {
            api.send("POST", "/v1/accounts", Json.object().put("name", Account.DEFAULT));
        } catch (ApiException e) {
            if (!e.problem().equals(Optional.of("account-exists"))) {
                throw e;
            }
        }
        return api.send("POST", "/v1/accounts/%s/keys".formatted(Account.DEFAULT), Json.object());
    }
}
