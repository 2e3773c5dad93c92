package dev.custody.source.otlp;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import dev.custody.capture.BadInputException;
import java.io.IOException;

/**
 * Reads a request in protobuf. Its messages are counted, and their nesting is, before any is built.
 */
final class ProtobufRequest {
  /** Two bytes are a message: what they become is a hundred times as large. */
  static final int MOST_MESSAGES = 200_000;

  static final int DEEPEST = 64;

  private final CodedInputStream in;
  private int messages;

  private ProtobufRequest(byte[] body) {
    this.in = CodedInputStream.newInstance(body);
  }

  /**
   * The message that is all of {@code body}.
   *
   * @param form any message of its type
   */
  static Message read(byte[] body, Message form) throws BadInputException, TooMuchException {
    try {
      new ProtobufRequest(body).count(form.getDescriptorForType(), 0);
      CodedInputStream in = CodedInputStream.newInstance(body);
      int ignored = in.setRecursionLimit(DEEPEST);
      return form.getParserForType().parseFrom(in);
    } catch (InvalidProtocolBufferException e) {
      // Its own message may show a field's name, never a value; ours is the same for all.
      throw new BadInputException("body: expected an OTLP request in protobuf, found other bytes");
    } catch (IOException e) {
      throw new BadInputException("body: expected an OTLP request in protobuf, found its start");
    }
  }

  private void count(Descriptor type, int depth) throws IOException, TooMuchException {
    if (depth > DEEPEST) {
      throw new TooMuchException("messages are nested deeper than " + DEEPEST + ", the limit here");
    }
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      boolean message =
          field != null
              && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
              && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      if (!message) {
        skip(tag);
        continue;
      }
      if (++messages > MOST_MESSAGES) {
        throw new TooMuchException(
            "the request has more than " + MOST_MESSAGES + " messages, the limit here");
      }
      int limit = in.pushLimit(in.readRawVarint32());
      count(field.getMessageType(), depth + 1);
      in.popLimit(limit);
    }
  }

  private void skip(int tag) throws IOException {
    if (!in.skipField(tag)) {
      throw new InvalidProtocolBufferException("an end without a start");
    }
  }
}
