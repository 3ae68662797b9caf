package io.runnel.region.server.control;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.CodeDigest;
import io.runnel.routing.catalog.Catalog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which account brought which blob: who only knows a digest must not get at another's code by it.
 * Remembered are the last {@value #MOST} that came; for longer it is the account's versions that
 * tell. Safe for any thread.
 */
final class BlobOwners {
    static final int MOST = 10_000;

    private record Owned(AccountId account, CodeDigest digest) {}

    private final Set<Owned> brought =
            Collections.synchronizedSet(
                    Collections.newSetFromMap(
                            new LinkedHashMap<>() {
                                private static final long serialVersionUID = 1L;

                                @Override
                                protected boolean removeEldestEntry(
                                        Map.Entry<Owned, Boolean> eldest) {
                                    return size() > MOST;
                                }
                            }));

    void brought(AccountId account, CodeDigest digest) {
        brought.add(new Owned(account, digest));
    }

    boolean has(Catalog catalog, AccountId account, CodeDigest digest) {
        return brought.contains(new Owned(account, digest)) || catalog.usesCode(account, digest);
    }
}
