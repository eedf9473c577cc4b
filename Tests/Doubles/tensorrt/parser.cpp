// The ONNX parser's double: reads the inputs and outputs of a graph, and refuses nodes of type `Broken`.
#include "control.hpp"

#include <fstream>
#include <iterator>
#include <memory>

Control *control = nullptr; // the builder library's, known from the first network

namespace {

/// Protobuf's wire format, as far as needed here.
struct Wire {
    const uint8_t *at, *end;

    uint64_t number() {
        uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at == end) throw std::out_of_range("the model ends early");
            const uint8_t byte = *at++;
            value |= uint64_t(byte & 127) << shift;
            if (byte < 128) return value;
        }
        throw std::out_of_range("a number that never ends");
    }

    Wire part() {
        const uint64_t size = number();
        if (size > uint64_t(end - at)) throw std::out_of_range("the model ends early");
        at += size;
        return {at - size, at};
    }

    std::string text() const { return std::string(at, end); }

    /// Calls `visit(field, number, part)` for each field.
    template <class Visit>
    void each(Visit visit) {
        while (at != end) {
            const uint64_t tag = number();
            switch (tag & 7) {
            case 0: visit(tag >> 3, number(), Wire{end, end}); break;
            case 2: visit(tag >> 3, uint64_t(0), part()); break;
            case 1: case 5: {
                const ptrdiff_t size = (tag & 7) == 1 ? 8 : 4;
                if (end - at < size) throw std::out_of_range("the model ends early");
                at += size;
                break;
            }
            default: throw std::out_of_range("not a protobuf");
            }
        }
    }
};

int32_t typeOf(uint64_t onnx) {
    switch (onnx) {
    case 1: return 0;   // float
    case 2: return 5;   // uint8
    case 3: return 2;   // int8
    case 6: return 3;   // int32
    case 7: return 8;   // int64
    case 9: return 4;   // bool
    case 10: return 1;  // half
    default: throw std::out_of_range("an element type that the double doesn't know");
    }
}

Tensor tensorOf(Wire info) {
    Tensor tensor{};
    info.each([&](uint64_t field, uint64_t, Wire part) {
        if (field == 1) tensor.name = part.text();
        if (field != 2) return;
        part.each([&](uint64_t field, uint64_t, Wire type) {
            if (field != 1) return;
            type.each([&](uint64_t field, uint64_t number, Wire shape) {
                if (field == 1) tensor.type = typeOf(number);
                if (field != 2) return;
                shape.each([&](uint64_t field, uint64_t, Wire dimension) {
                    if (field != 1) return;
                    int64_t extent = -1;
                    dimension.each([&](uint64_t field, uint64_t number, Wire) {
                        if (field == 1) extent = int64_t(number);
                    });
                    tensor.shape.push_back(extent);
                });
            });
        });
    });
    return tensor;
}

struct ParserError : IParserError {
    std::string reason, name, operation;
    int index = -1;
    ErrorCode code() override { return ErrorCode(index < 0 ? 5 : 8); }
    const char *desc() override { return reason.c_str(); }
    int node() override { return index; }
#if FAMILY != 8
    const char *nodeName() override { return name.c_str(); }
    const char *nodeOperator() override { return operation.c_str(); }
#endif
};

struct Parser : IParser, private Counted {
    NetworkImpl &network;
    std::vector<std::unique_ptr<ParserError>> errors;
    bool parsed = false;

    explicit Parser(NetworkImpl &network) : network(network) {}

    bool parse(const void *model, size_t size, const char *) override {
        FAIL(false);
        const auto bytes = static_cast<const uint8_t *>(model);
        try {
            Wire{bytes, bytes + size}.each([&](uint64_t field, uint64_t, Wire graph) {
                if (field == 7) graph.each([&](uint64_t field, uint64_t, Wire part) { visit(field, part); });
            });
            if (network.outputs.empty()) throw std::out_of_range("the model has no output");
        } catch (const std::out_of_range &problem) {
            complain(problem.what(), -1, "", "");
        }
        return errors.empty();
    }

    bool parseFromFile(const char *path, int) override {
        FAIL(false);
        std::ifstream file(path, std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        if (bytes.empty()) complain("can't read the file", -1, "", "");
        return errors.empty() && parse(bytes.data(), bytes.size(), path);
    }

    int getNbErrors() override { FAIL(-1); return int(errors.size()); }

    const IParserError *getError(int index) override {
        FAIL_POINTER(const IParserError *);
        return errors.at(size_t(index)).get();
    }

private:
    void visit(uint64_t field, Wire part) {
        if (field == 11) network.inputs.push_back(new ITensor(new TensorImpl(tensorOf(part))));
        if (field == 12) network.outputs.push_back(new ITensor(new TensorImpl(tensorOf(part))));
        if (field != 1) return;
        std::string name, operation;
        part.each([&](uint64_t field, uint64_t, Wire text) {
            if (field == 3) name = text.text();
            if (field == 4) operation = text.text();
        });
        if (operation == "Broken") complain("no importer for Broken", network.layers, name, operation);
        network.layers += 1;
    }

    void complain(const std::string &reason, int node, const std::string &name, const std::string &operation) {
        auto error = std::make_unique<ParserError>();
        error->reason = reason;
        error->index = node;
        error->name = name;
        error->operation = operation;
        errors.push_back(std::move(error));
        control->log(1, "double: " + reason);
    }
};

} // namespace

extern "C" IParser *createNvOnnxParser_INTERNAL(INetworkDefinition *network, ILogger *logger, int32_t version) {
    control = network->implementation->owner;
    FAIL_POINTER(IParser *);
    const int32_t expected = FAMILY == 1 ? 200 : 100;
    if (version != expected || logger != control->logger) return nullptr;
    return new Parser(*network->implementation);
}
