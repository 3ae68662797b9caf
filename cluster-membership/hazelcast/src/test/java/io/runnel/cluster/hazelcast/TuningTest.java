package io.runnel.cluster.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.core.Hazelcast;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** What members may make of what others send. */
final class TuningTest {
    /** Of the parts of Hazelcast that are in use here. */
    private static final Pattern EXCEPTION =
            Pattern.compile(
                    "com/hazelcast/(core|partition|nio/serialization|spi/exception"
                            + "|internal/cluster|internal/partition)/[\\w/]*Exception\\.class");

    @TempDir Path folder;

    private ClassFilter allowed() {
        return Tuning.member(
                        Nodes.member(Nodes.freeAddress(), Nodes.token(folder, "token")), "secret")
                .getSerializationConfig()
                .getJavaSerializationFilterConfig()
                .getWhitelist();
    }

    @Test
    void everyExceptionByWhichMembersAnswerIsRead() throws Exception {
        ClassFilter allowed = allowed();
        List<String> exceptions = exceptions();
        assertTrue(exceptions.size() > 20, exceptions::toString);
        assertEquals(List.of(), exceptions.stream().filter(e -> !allowed.isListed(e)).toList());
    }

    @Test
    void nothingElseOfHazelcastIsMade() {
        ClassFilter allowed = allowed();
        assertFalse(allowed.isListed(Hazelcast.class.getName()));
        assertFalse(allowed.isListed("com.hazelcast.internal.cluster.impl.ClusterServiceImpl"));
        assertFalse(allowed.isListed("java.util.HashMap"));
    }

    private static List<String> exceptions() throws IOException {
        var source = Hazelcast.class.getProtectionDomain().getCodeSource().getLocation();
        try (JarFile jar = new JarFile(Path.of(source.getPath()).toFile())) {
            return jar.stream()
                    .map(JarEntry::getName)
                    .filter(EXCEPTION.asMatchPredicate())
                    .map(name -> name.replace('/', '.').replaceAll("\\.class$", ""))
                    .toList();
        }
    }
}
