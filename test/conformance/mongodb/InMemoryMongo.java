import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;

/** The database of the conformance suite, in memory, on the port of 127.0.0.1 that is the argument. */
class InMemoryMongo extends MemoryBackend {
  public static void main(String[] arguments) throws Exception {
    var backend = new InMemoryMongo();
    backend.version(ServerVersion.MONGO_5_0);
    new MongoServer(backend).bind("127.0.0.1", Integer.parseInt(arguments[0]));
    Thread.currentThread().join();
  }

  /** The suite asks for this parameter when it starts; the library does not know the command. */
  @Override
  public Document handleCommand(Channel channel, String database, String command, Document query) {
    if (!command.equals("getParameter"))
      return super.handleCommand(channel, database, command, query);
    return new Document("featureCompatibilityVersion", new Document("version", "5.0"))
        .append("ok", 1.0);
  }
}
