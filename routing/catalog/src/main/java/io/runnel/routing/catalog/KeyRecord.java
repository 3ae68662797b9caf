package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An access key, as every node knows it.
 *
 * @param id {@code RNL} and 17 of A-Z and 2-7
 * @param secretSha256 the secret's SHA-256 in hexadecimal: enough to check a bearer
 * @param rights what it may be used for
 * @param trust whose token it was given for, if it was
 */
public record KeyRecord(
        String id, AccountId account, String secretSha256, KeyRights rights, Optional<String> trust)
        implements CatalogRecord {
    private static final Pattern ID = Pattern.compile("RNL[A-Z2-7]{17}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the id or the digest is none
     */
    public KeyRecord {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("key id must be RNL and 17 of A-Z and 2-7");
        }
        if (!SHA256.matcher(secretSha256).matches()) {
            throw new IllegalArgumentException("secret's digest must be 64 of 0-9 and a-f");
        }
    }

    /** One that may be used for all that its account may. */
    public KeyRecord(String id, AccountId account, String secretSha256) {
        this(id, account, secretSha256, KeyRights.ALL);
    }

    /** One that was given for nobody's token. */
    public KeyRecord(String id, AccountId account, String secretSha256, KeyRights rights) {
        this(id, account, secretSha256, rights, Optional.empty());
    }

    @Override
    public RecordKind kind() {
        return RecordKind.KEY;
    }

    @Override
    public String key() {
        return id;
    }
}
