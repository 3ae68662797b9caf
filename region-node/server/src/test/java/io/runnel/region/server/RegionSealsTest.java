package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.record.RecordSigner;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.cluster.replication.SealCheck;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.RecordSeal;
import io.runnel.routing.catalog.SealedLog;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a region's node signs, and what it believes of that. */
class RegionSealsTest {
    private static final RegionId WEST = new RegionId("eu-west");

    private final Instant now = Instant.now();
    private final SecureRandom random = new SecureRandom();
    @TempDir private Path data;

    private AuthorityFolder folder() {
        AuthorityFolder folder = new AuthorityFolder(data);
        assertEquals(List.of(), folder.ensure("demo", List.of(WEST), now, random));
        return folder;
    }

    /** Those of one more node of the region. */
    private RegionSeals node(AuthorityFolder folder) {
        RecordSigner signer =
                new RecordSigner(folder.authority(WEST, random).orElseThrow().key(), WEST, random);
        RegionSeals seals =
                new RegionSeals(new SealCheck(NodeTrust.of(folder)), Optional.of(signer));
        seals.learn(seals.own());
        return seals;
    }

    private FeedRecord written(RegionSeals by) {
        return new SealedLog(WEST, "LOG", by::seal).write("account", "demo", "{}", now);
    }

    @Test
    void aNodeNeedNotVerifyWhatItSignedAndItsMatesDo() {
        AuthorityFolder folder = folder();
        RegionSeals node = node(folder);
        RegionSeals mate = node(folder);
        FeedRecord record = written(node);
        node.requireSnapshot(List.of(record));
        assertEquals(0, node.check().verified());
        mate.requireSnapshot(List.of(record));
        assertEquals(1, mate.check().verified());
    }

    @Test
    void anotherSignatureUnderWhatItSignedIsVerifiedAndRefused() {
        RegionSeals node = node(folder());
        FeedRecord record = written(node);
        RecordSeal seal = record.seal().orElseThrow();
        char last = seal.signature().charAt(127) == '0' ? '1' : '0';
        RecordSeal other =
                new RecordSeal(
                        seal.signer(),
                        seal.at(),
                        seal.live(),
                        seal.signature().substring(0, 127) + last);
        CatalogException e =
                assertThrows(
                        CatalogException.class, () -> node.require(List.of(record.sealed(other))));
        assertEquals(CatalogException.Code.FORGED, e.code());
        assertEquals(1, node.check().verified());
    }
}
