package io.runnel.attestation.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class IdentityTest {
    @Test
    void eachIsReadAsItIsWritten() {
        var of =
                List.of(
                        new Identity.Root("net"),
                        new Identity.Authority("net", new RegionId("eu-west")),
                        new Identity.RegionNode(
                                "net", new RegionId("eu-west"), new NodeName("eu-west-1")),
                        new Identity.Pop("net", new PopId("ams")),
                        new Identity.Supervisor("net", new NodeName("host")));
        List<String> uris =
                List.of(
                        "runnel://net/root",
                        "runnel://net/authority/eu-west",
                        "runnel://net/region/eu-west/eu-west-1",
                        "runnel://net/pop/ams",
                        "runnel://net/supervisor/host");
        assertEquals(uris, of.stream().map(Identity::uri).toList());
        for (int i = 0; i < uris.size(); i++) {
            assertEquals(Optional.of(of.get(i)), Identity.parse(uris.get(i)));
        }
    }

    @Test
    void thereIsNoOtherWayToWriteOne() {
        for (String uri :
                List.of(
                        "",
                        "runnel://net",
                        "runnel://net/",
                        "runnel://net/root/",
                        "runnel://net/root/x",
                        "runnel://net/pop",
                        "runnel://net/pop/",
                        "runnel://net/pop/ams/x",
                        "runnel://net/pop/AMS",
                        "runnel://net/pop/a%6ds",
                        "runnel://net/pop/ams?x",
                        "runnel://net/pop/ams\n",
                        "runnel://net/region/eu-west",
                        "runnel://net/region/eu-west/a/b",
                        "runnel://net/authority/eu-west/x",
                        "runnel://net/supervisor/a/b",
                        "runnel://net/king/ams",
                        "runnel://net:1/pop/ams",
                        "runnel://u@net/pop/ams",
                        "runnel://-net/pop/ams",
                        "RUNNEL://net/pop/ams",
                        "https://net/pop/ams")) {
            assertEquals(Optional.empty(), Identity.parse(uri), uri);
        }
    }
}
