package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.task.NodeName;

import org.junit.jupiter.api.Test;

import java.util.List;

class ProfileTextTest {
    private static NodeAdmin.Answer known(String node, String json) {
        return new NodeAdmin.Answer.Known(new NodeName(node), Json.read(json));
    }

    @Test
    void addsUpWhatNodesSaw() {
        List<String> lines =
                ProfileText.lines(
                        List.of(
                                known(
                                        "ams",
                                        "{\"samples\":3,\"functions\":[{\"name\":\"a\",\"self\":1,\"total\":3},"
                                            + "{\"name\":\"b\",\"self\":2,\"total\":2}]}"),
                                known(
                                        "lhr",
                                        "{\"samples\":1,\"functions\":[{\"name\":\"b\",\"self\":1,\"total\":1}]}"),
                                new NodeAdmin.Answer.Silent(
                                        new NodeName("iad"), "nothing answers there")),
                        1234);
        assertEquals(
                List.of(
                        "iad: nothing answers there",
                        "profile: 1,234 calls, seen running 4 times",
                        "  self   total  function",
                        " 75.0 %   75.0 %  b",
                        " 25.0 %   75.0 %  a"),
                lines);
    }

    @Test
    void nothingSeenIsSaid() {
        assertEquals(
                List.of("profile: 5 calls, seen running 0 times"),
                ProfileText.lines(List.of(known("ams", "{\"samples\":0,\"functions\":[]}")), 5));
    }
}
