import Testing

@testable import ArcFaceTensorRT

@Suite("Matching layers")
struct ModelCheckMatchingTests {
    private func layers(_ text: String) -> [GraphLayer] {
        // "name:op:count" each.
        text.split(separator: " ").map { word in
            let parts = word.split(separator: ":").map(String.init)
            return GraphLayer(value: parts[0], op: parts[1], node: "", shape: [1, Int(parts[2]) ?? 0])
        }
    }

    private func pairs(_ first: String, _ second: String) -> [String] {
        let (first, second) = (layers(first), layers(second))
        return LayerMatching(reference: first, candidate: second).pairs.map {
            "\(first[$0.reference].value)=\(second[$0.candidate].value)\($0.byName ? "" : "?")"
        }
    }

    @Test func `goes by names, and by order between them`() {
        #expect(
            pairs("a:Conv:4 b:PRelu:4 c:Conv:8 d:Gemm:2", "a:Conv:4 b:PRelu:4 x:Conv:8 d:Gemm:2")
                == ["a=a", "b=b", "c=x?", "d=d"])
    }

    @Test func `never joins values of different sizes`() {
        #expect(pairs("a:Conv:4 b:Conv:4 c:Conv:4", "a:Conv:4 b:Conv:8 c:Conv:4") == ["a=a", "c=c"])
    }

    @Test func `leaves out what one graph has more`() {
        #expect(
            pairs("a:Conv:4 n:Norm:4 b:Conv:8 c:Gemm:2", "p:Conv:4 q:Conv:8 r:Gemm:2") == ["a=p?", "b=q?", "c=r?"])
    }

    @Test func `keeps a rewritten node by its name`() {
        #expect(
            pairs("a:Conv:4 b:PRelu:4 c:Conv:4", "a:Conv:4 b1:Mul:4 b2:Relu:4 b:Add:4 c:Conv:4")
                == ["a=a", "b=b", "c=c"])
    }

    @Test func `does not trust names that belong to other operators`() {
        #expect(pairs("1:Conv:4 2:PRelu:4 3:Gemm:2", "0:Conv:4 1:PRelu:4 2:Gemm:2") == ["1=0?", "2=1?", "3=2?"])
    }

    @Test func `of nothing is nothing`() {
        #expect(pairs("", "a:Conv:4").isEmpty)
        #expect(pairs("a:Conv:4", "").isEmpty)
    }
}

@Suite("The plan of runs")
struct ModelCheckPlanTests {
    @Test func `puts all layers into one run if they fit, with as many faces as fit`() {
        let plan = LayerPlan(counts: [100, 200], budget: 16 * 300 * 3)
        #expect(plan == LayerPlan(counts: [100, 200], budget: 16 * 300 * 3 + 16))
        #expect(plan.groups == [0..<2] && plan.batch == 3)
        #expect(LayerPlan(counts: [1], budget: 1 << 30).batch == 8)
    }

    @Test func `splits what doesn't fit, in order, and takes one face at a time then`() {
        let plan = LayerPlan(counts: [100, 100, 300, 50, 50], budget: 16 * 200)
        #expect(plan.groups == [0..<2, 2..<3, 3..<5] && plan.batch == 1)
    }

    @Test func `runs a layer that is too large all the same, and nothing for no layers`() {
        #expect(LayerPlan(counts: [1000], budget: 1).groups == [0..<1])
        #expect(LayerPlan(counts: [], budget: 1).groups.isEmpty)
    }
}
