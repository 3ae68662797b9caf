package io.runnel.region.server;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.SecretBundle;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.VersionRecord;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which secrets an account names.
 *
 * @param versions of its tasks, those that have any
 * @param called what its names for calls have
 */
record NamedSecrets(List<VersionRecord> versions, Set<SecretBundle.Key> called) {
    NamedSecrets {
        versions = List.copyOf(versions);
        called = Set.copyOf(called);
    }

    /** What this account names in this catalog. */
    static NamedSecrets of(Catalog catalog, AccountId account) {
        return new NamedSecrets(
                catalog.versions(account)
                        .filter(version -> version.task().options().secrets().isPresent())
                        .toList(),
                catalog.callerSecrets(account).collect(Collectors.toSet()));
    }

    /** Whether it names none. */
    boolean isEmpty() {
        return versions.isEmpty() && called.isEmpty();
    }

    /** Those of these versions and of all names for calls: any region may be called by any. */
    Stream<SecretBundle.Key> wanted(Predicate<VersionRecord> wanted) {
        return Stream.concat(
                versions.stream()
                        .filter(wanted)
                        .flatMap(version -> SecretBundle.Key.of(version.task()).stream()),
                called.stream());
    }

    /** All of them. */
    Set<SecretBundle.Key> all() {
        return wanted(any -> true).collect(Collectors.toSet());
    }
}
