/// Kernels for the checks, written by hand. PTX 7.0 is CUDA 11.0's, 7.8 is 11.8's.
enum CheckKernels {
    /// `saxpy`: y[i] = a·x[i] + y[i]. `fault`: writes to address 0.
    static let portable = header(version: "7.0", target: "sm_70") + saxpy(prologue: "") + fault

    /// `saxpy` for launches that overlap their predecessor: it waits for it before it reads.
    static let hopper = header(version: "7.8", target: "sm_90") + saxpy(prologue: "griddepcontrol.wait;")

    private static func header(version: String, target: String) -> String {
        ".version \(version)\n.target \(target)\n.address_size 64\n"
    }

    private static func saxpy(prologue: String) -> String {
        """
        .visible .entry saxpy(.param .u64 x, .param .u64 y, .param .f32 a, .param .u32 n)
        {
            .reg .pred %p<2>;
            .reg .f32 %f<5>;
            .reg .b32 %r<6>;
            .reg .b64 %rd<8>;
            ld.param.u64 %rd1, [x];
            ld.param.u64 %rd2, [y];
            ld.param.f32 %f1, [a];
            ld.param.u32 %r1, [n];
            mov.u32 %r2, %ctaid.x;
            mov.u32 %r3, %ntid.x;
            mov.u32 %r4, %tid.x;
            mad.lo.u32 %r5, %r2, %r3, %r4;
            setp.ge.u32 %p1, %r5, %r1;
            \(prologue)
            @%p1 bra done;
            cvta.to.global.u64 %rd3, %rd1;
            cvta.to.global.u64 %rd4, %rd2;
            mul.wide.u32 %rd5, %r5, 4;
            add.s64 %rd6, %rd3, %rd5;
            add.s64 %rd7, %rd4, %rd5;
            ld.global.f32 %f2, [%rd6];
            ld.global.f32 %f3, [%rd7];
            fma.rn.f32 %f4, %f1, %f2, %f3;
            st.global.f32 [%rd7], %f4;
        done:
            ret;
        }

        """
    }

    private static let fault = """
        .visible .entry fault()
        {
            .reg .b32 %r<2>;
            .reg .b64 %rd<2>;
            mov.u64 %rd1, 0;
            mov.u32 %r1, 1;
            st.global.u32 [%rd1], %r1;
            ret;
        }

        """
}
