package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A network's root whose key is kept where no node runs. */
final class RootKeyIT {
    @TempDir Path folder;

    @Test
    void aRegionIsCertifiedWhereTheRootIsKept() throws Exception {
        Path safe = folder.resolve("safe");
        String[] passphrase = {"RUNNEL_ROOT_PASSPHRASE", "correct horse battery"};
        List<String> init = List.of("attest", "root", "init", "proving", "--out", safe.toString());
        RealNetwork.Said weak = RealNetwork.launcher(init, "RUNNEL_ROOT_PASSPHRASE", "short");
        assertEquals(2, weak.exit(), weak::toString);
        RealNetwork.launcher(init, passphrase).mustWork();
        RealNetwork.Said twice = RealNetwork.launcher(init, passphrase);
        assertEquals(1, twice.exit(), twice::toString);
        List<String> region =
                List.of(
                        "attest",
                        "root",
                        "certify",
                        "home",
                        "--root-key",
                        safe.resolve("root.pem").toString(),
                        "--out",
                        safe.resolve("region-home.pem").toString());
        RealNetwork.Said wrong =
                RealNetwork.launcher(region, "RUNNEL_ROOT_PASSPHRASE", "another passphrase");
        assertEquals(1, wrong.exit(), wrong::toString);
        assertTrue(wrong.err().contains("passphrase"), wrong::toString);
        RealNetwork.launcher(region, passphrase).mustWork();
        String made = Files.readString(safe.resolve("region-home.pem"));
        assertTrue(made.startsWith("-----BEGIN PRIVATE KEY-----"), made.substring(0, 30));
    }
}
