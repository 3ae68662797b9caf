package io.runnel.cluster.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.SocketOptions;
import com.hazelcast.client.impl.ClientExtension;
import com.hazelcast.client.impl.clientside.DefaultClientExtension;
import com.hazelcast.config.Config;
import com.hazelcast.config.SSLConfig;
import com.hazelcast.instance.BuildInfoProvider;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeContext;
import com.hazelcast.internal.nio.Protocols;
import com.hazelcast.internal.server.ServerContext;
import com.hazelcast.internal.util.ServiceLoader;

import io.runnel.attestation.NetworkToken;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What of Hazelcast's inside the links are put into. It promises none of it: where another version
 * differs, this says in what, before links are made that are not secured.
 */
final class ExtensionPointsTest {
    private static final String ASIDE =
            "links are secured by what Hazelcast promises to nobody: look at it anew (0056): ";

    @TempDir Path folder;

    @Test
    void itIsTheVersionThatWasLookedAt() {
        assertEquals("5.7.0", BuildInfoProvider.getBuildInfo().getVersion(), ASIDE + "version");
    }

    @Test
    void aMemberAsksItsExtensionHowConnectionsBegin() throws Exception {
        assertNotNull(
                HazelcastInstanceFactory.class.getMethod(
                        "newHazelcastInstance", Config.class, String.class, NodeContext.class),
                ASIDE + "a member is started otherwise");
        assertOverridable(DefaultNodeContext.class, "createNodeExtension", Node.class);
        assertOverridable(
                DefaultNodeExtension.class, "createChannelInitializerFn", ServerContext.class);
    }

    private static void assertOverridable(Class<?> in, String name, Class<?> argument)
            throws Exception {
        int modifiers = in.getMethod(name, argument).getModifiers();
        assertFalse(Modifier.isFinal(modifiers), ASIDE + in.getSimpleName() + "." + name);
    }

    @Test
    void clientsFindOurExtension() throws Exception {
        List<Class<?>> found = new ArrayList<>();
        ServiceLoader.iterator(
                        ClientExtension.class,
                        ClientExtension.class.getName(),
                        ClientExtension.class.getClassLoader())
                .forEachRemaining(extension -> found.add(extension.getClass()));
        assertTrue(found.contains(SecuredClient.class), () -> ASIDE + "clients have " + found);
        assertEquals(2, found.size(), () -> ASIDE + "clients have the choice of " + found);
    }

    @Test
    void aClientsConfigurationNamesItsLinks() {
        NetworkToken token = Nodes.token(folder, "token");
        ClientSettings settings = Nodes.client(Nodes.AMS, Nodes.freeAddress(), token);
        try (SecuredLinks links = new SecuredLinks(settings.security(), Nodes.AMS, Nodes.REGION)) {
            ClientConfig config = Tuning.client(settings, "secret", links);
            SSLConfig tls = config.getNetworkConfig().getSSLConfig();
            assertTrue(tls.isEnabled(), ASIDE + "a client could go without");
            assertSame(links, tls.getFactoryImplementation(), ASIDE + "links are lost");
        }
    }

    /** Nothing but the listener that links are put into. */
    @Test
    void aMemberListensInNoOtherWay() {
        NetworkToken token = Nodes.token(folder, "token");
        Config config = Tuning.member(Nodes.member(Nodes.freeAddress(), token), "secret");
        assertFalse(config.getAdvancedNetworkConfig().isEnabled(), ASIDE + "advanced network");
        assertFalse(config.getTpcConfig().isEnabled(), ASIDE + "thread per core");
        assertFalse(config.getNetworkConfig().getJoin().getMulticastConfig().isEnabled());
    }

    @Test
    void theFirstBytesTellMembersFromClients() {
        assertEquals(Spoken.BYTES, Protocols.PROTOCOL_LENGTH, ASIDE + "length");
        assertEquals(
                Optional.of(Spoken.MEMBER),
                Spoken.in(Protocols.CLUSTER.getBytes(US_ASCII)),
                ASIDE + "members");
        assertEquals(
                Optional.of(Spoken.CLIENT),
                Spoken.in(Protocols.CLIENT_BINARY.getBytes(US_ASCII)),
                ASIDE + "clients");
        assertEquals(Optional.empty(), Spoken.in("GET".getBytes(US_ASCII)));
    }

    /** Hazelcast's own refuses that; ours must not be a way around it. */
    @Test
    void whoAsksForTlsWithoutLinksDoesNotGoWithout() {
        SSLConfig tls = new SSLConfig().setEnabled(true);
        for (ClientExtension one : List.of(new DefaultClientExtension(), new SecuredClient())) {
            assertThrows(
                    IllegalStateException.class,
                    () -> one.createChannelInitializer(tls, new SocketOptions()),
                    ASIDE + one.getClass());
        }
    }
}
