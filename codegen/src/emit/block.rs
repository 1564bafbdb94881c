//! How every type of one block is read and written: its bytes are in an array that is there, so that neither what holds it nor
//! whoever reads or writes it carries them out of a `Result`.

use super::ctx::Ctx;
use super::decode::decoder;
use super::rust_type;
use super::structs::rename_unused;
use super::write::{common_args, common_params};
use crate::model::{Order, TypeId};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// `to_bytes` and `put_into`, from the body of the latter and from when it fails.
#[must_use]
pub fn functions(ctx: &Ctx<'_>, id: TypeId, errors: &str, body: &TokenStream) -> TokenStream {
    let n = size(ctx, id);
    let (params, pass) = (common_params(ctx, id), common_args(ctx, id));
    let put = rename_unused(&quote!(b: &mut [u8; #n], #params), body);
    quote! {
        /// The bytes on the wire.
        ///
        /// # Errors
        #[doc = #errors]
        #[inline]
        pub fn to_bytes(&self, #params) -> Result<[u8; #n], Fault> {
            let mut b = [0; #n];
            self.put_into(&mut b, #pass)?;
            Ok(b)
        }
        /// Puts the bytes into zeros.
        #[inline]
        fn put_into(&self, #put) -> Result<(), Fault> { #body }
    }
}

/// The expression that reads the block from a stream.
#[must_use]
pub fn read_streamed(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let decode = decoder(ctx, id);
    quote!(src.decode(#decode))
}

/// The expression that writes the block to a stream.
#[must_use]
pub fn write_streamed(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let pass = common_args(ctx, id);
    quote!(sink.block(|b| self.put_into(b, #pass)))
}

/// What `from_bytes` takes, and whatever else looks at the bytes: these, the order, the arguments.
#[must_use]
pub fn read_params(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let (ty, n) = (ctx.ty(id), size(ctx, id));
    let order = matches!(ty.order, Order::Context).then(|| quote!(order: Endian,));
    let args = (!ty.params.is_empty()).then(|| {
        let args = rust_type::args(ctx, id, &quote!('_));
        quote!(args: #args)
    });
    quote!(b: &[u8; #n], #order #args)
}

/// How many bytes there are.
#[must_use]
pub fn size(ctx: &Ctx<'_>, id: TypeId) -> Literal {
    Literal::u64_unsuffixed(ctx.ty(id).size.fixed().unwrap_or(0))
}
