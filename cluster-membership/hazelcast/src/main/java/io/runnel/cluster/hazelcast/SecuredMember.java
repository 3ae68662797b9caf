package io.runnel.cluster.hazelcast;

import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.internal.networking.ChannelInitializer;
import com.hazelcast.internal.server.ServerConnection;
import com.hazelcast.internal.server.ServerContext;

import java.util.function.Function;

/** A member all of whose connections, made and taken, are these links. */
final class SecuredMember extends DefaultNodeContext {
    private final SecuredLinks links;

    SecuredMember(SecuredLinks links) {
        this.links = links;
    }

    @Override
    public NodeExtension createNodeExtension(Node node) {
        return new Extension(node, links);
    }

    private static final class Extension extends DefaultNodeExtension {
        private final SecuredLinks links;

        Extension(Node node, SecuredLinks links) {
            super(node);
            this.links = links;
        }

        @Override
        public Function<EndpointQualifier, ChannelInitializer> createChannelInitializerFn(
                ServerContext context) {
            return super.createChannelInitializerFn(context)
                    .andThen(
                            plain ->
                                    new SecuredInitializer(
                                            plain,
                                            links,
                                            ServerConnection.class,
                                            context::onFailedConnection));
        }
    }
}
